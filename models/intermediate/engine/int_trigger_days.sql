-- The days on which all conditions of a trigger hold together.
with

    condition_days as (select * from {{ ref('int_condition_days') }}),

    triggers as (select trigger_id, conditions from {{ ref('int_triggers') }})

select condition_days.trigger_id, condition_days.account_id, condition_days.signal_on
from condition_days
inner join triggers on condition_days.trigger_id = triggers.trigger_id
group by condition_days.trigger_id, condition_days.account_id, condition_days.signal_on, triggers.conditions
having count(*) = triggers.conditions
