-- Recorded firings with the steps they reached.
with

firings as (
    select * from {{ ref('fct_fired_triggers') }}
),

statuses as (
    select * from {{ ref('fct_firing_status') }}
),

triggers as (
    select * from {{ ref('int_validation_triggers') }}
),

accounts as (
    select * from {{ ref('int_validation_accounts') }}
)

select
    firings.firing_id,
    triggers.trigger_key,
    accounts.account_key,
    firings.triggered_at,
    firings.message_group,
    firings.is_shadow,
    firings.is_holdout,
    not firings.is_shadow and not firings.is_holdout as is_acted_on,
    statuses.status,
    statuses.delivered_at,
    statuses.accepted_at,
    statuses.meeting_at,
    statuses.opportunity_at,
    statuses.won_at,
    statuses.lost_at,
    statuses.cancelled_at
from firings
inner join triggers on firings.trigger_id = triggers.trigger_id
inner join accounts on firings.account_id = accounts.account_id
left join statuses on firings.firing_id = statuses.firing_id
