-- The candidates that neither scope, stage nor an exclusion stops: what the cooldown decides about. Each has the id of
-- the firing that it would be, and its trigger's timing, because when it would be delivered decides about its cooldown.
with

    judgements as (select * from {{ ref('int_candidate_judgements') }} where reason is null),

    triggers as (select trigger_id, timing, burst_minutes from {{ ref('int_triggers') }})

select
    {{ firing_id('judgements.trigger_id', 'judgements.account_id', 'judgements.moment') }} as firing_id,
    judgements.trigger_id,
    judgements.account_id,
    judgements.episode_triggered_at,
    judgements.judged_on,
    judgements.moment,
    judgements.recipient_user_id,
    judgements.received_at,
    judgements.kind,
    judgements.is_shadow,
    judgements.message_group,
    judgements.cooldown_group,
    judgements.cooldown_days,
    judgements.priority,
    triggers.timing,
    triggers.burst_minutes
from judgements
inner join triggers on judgements.trigger_id = triggers.trigger_id
