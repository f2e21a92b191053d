-- The bursts of an event trigger at which its conditions, if it has any, hold on the last day closed.
with

bursts as (

    select *, {{ add_days(day_of('triggered_at'), -1) }} as judged_on
    from {{ ref('int_event_bursts') }}

),

triggers as (

    select trigger_id, conditions from {{ ref('int_triggers') }}

),

trigger_days as (

    select * from {{ ref('int_trigger_days') }}

)

select
    bursts.trigger_id,
    bursts.account_id,
    bursts.triggered_at,
    bursts.judged_on,
    bursts.recipient_user_id,
    bursts.received_at
from bursts
inner join triggers on bursts.trigger_id = triggers.trigger_id
left join trigger_days
    on
        bursts.trigger_id = trigger_days.trigger_id
        and bursts.account_id = trigger_days.account_id
        and bursts.judged_on = trigger_days.signal_on
where triggers.conditions = 0 or trigger_days.signal_on is not null
