-- Recorded firings with the steps they reached; a merged account's speak for its survivor.
with

    firings as (select * from {{ ref('int_firings') }}),

    statuses as (select * from {{ ref('int_firing_status') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    plays as (select * from {{ ref('plays') }}),

    rechecks as (select * from {{ ref('int_firing_rechecks') }})

select
    firings.firing_id,
    triggers.trigger_key,
    accounts.account_key,
    firings.fired_at as triggered_at,
    firings.message_group,
    firings.is_shadow,
    firings.is_holdout,
    not firings.is_shadow and not firings.is_holdout as is_acted_on,
    -- What waits still may recover; what is held back from everybody was so when it fell due.
    case
        when statuses.status = 'cancelled'
        then coalesce(rechecks.cancelled_at, firings.deliver_at)
        when statuses.status <> 'scheduled'
        then rechecks.cancelled_at
    end as cancelled_at,
    statuses.held_back_reason,
    firings.sla_due_at,
    statuses.delivered_at,
    statuses.accepted_at,
    statuses.meeting_at,
    statuses.opportunity_at,
    statuses.won_at,
    statuses.lost_at,
    cast(plays.cost_per_touch as double) as cost_per_touch
from firings
inner join triggers on firings.trigger_id = triggers.trigger_id
left join survivors on firings.account_id = survivors.account_id
inner join accounts on coalesce(survivors.survivor_account_id, firings.account_id) = accounts.account_id
left join statuses on firings.firing_id = statuses.firing_id
left join plays on firings.play_id = plays.play_id
left join rechecks on firings.firing_id = rechecks.firing_id
