{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='fail',
) }}

-- Firings are facts: rows are added, never changed.
with

    firings as (select * from {{ ref('int_new_firings') }}),

    triggers as (select * from {{ ref('int_triggers') }}),

    times as (select * from {{ ref('int_firing_times') }}),

    routes as (select * from {{ ref('int_firing_routes') }}),

    owners as (select * from {{ ref('int_firing_owners') }}),

    recipients as (select * from {{ ref('int_firing_recipients') }}),

    evidence as (select * from {{ ref('int_firing_evidence') }}),

    clock as (select as_of from {{ ref('int_clock') }})

select
    firings.firing_id,
    firings.trigger_id,
    triggers.version as trigger_version,
    firings.account_id,
    firings.moment as triggered_at,
    firings.episode_triggered_at,
    firings.judged_on,
    firings.received_at,
    times.deliver_at,
    times.sla_due_at,
    times.expires_at,
    times.is_time_zone_known,
    firings.message_group,
    firings.cooldown_group,
    firings.cooldown_days,
    firings.is_shadow,
    {{ is_held_out('firings.account_id', 'firings.message_group', 'triggers.holdout_pct') }} as is_holdout,
    routes.rule_id as routing_rule_id,
    routes.motion,
    coalesce(owners.owner_role, 'unassigned') as owner_role,
    owners.owner_email,
    recipients.recipient_user_id,
    recipients.recipient_contact_id,
    routes.channels,
    triggers.play_id,
    evidence.evidence,
    clock.as_of as recorded_as_of
from firings
cross join clock
inner join triggers on firings.trigger_id = triggers.trigger_id
left join times on firings.firing_id = times.firing_id
left join routes on firings.firing_id = routes.firing_id
left join owners on firings.firing_id = owners.firing_id
left join recipients on firings.firing_id = recipients.firing_id
left join evidence on firings.firing_id = evidence.firing_id
