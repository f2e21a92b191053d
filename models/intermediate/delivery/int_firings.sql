{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='append_new_columns',
) }}

-- Firings are facts: rows are added, never changed, and what a later version records is null in earlier ones. The
-- person to write to is who did it, else the newest executive contact that can be written to, else the newest such
-- contact; ids only.
{%- set earlier = firings_of_earlier_versions() if not is_incremental() else none %}
with

    firings as (select * from {{ ref('int_new_firings') }}),

    triggers as (select * from {{ ref('int_triggers') }}),

    times as (select * from {{ ref('int_candidate_times') }}),

    routes as (select * from {{ ref('int_candidate_routes') }}),

    owners as (select * from {{ ref('int_firing_owners') }}),

    contacts as (select * from {{ ref('int_contacts') }}),

    ranked_contacts as (

        select
            firings.firing_id,
            contacts.contact_id,
            row_number() over (
                partition by firings.firing_id
                order by contacts.is_executive desc, contacts.created_at desc, contacts.contact_id desc
            ) as contact_rank
        from firings
        inner join contacts on firings.account_id = contacts.account_id and contacts.created_at < firings.moment
        where firings.recipient_user_id is null and contacts.is_reachable

    ),

    evidence as (select * from {{ ref('int_firing_evidence') }}),

    clock as (select as_of from {{ ref('int_clock') }})

select
    firings.firing_id,
    firings.trigger_id,
    triggers.version as trigger_version,
    firings.account_id,
    firings.moment as fired_at,
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
    firings.recipient_user_id,
    ranked_contacts.contact_id as recipient_contact_id,
    routes.channels,
    triggers.play_id,
    evidence.evidence,
    clock.as_of as recorded_as_of,
    cast(triggers.holdout_pct as double) as holdout_pct
from firings
cross join clock
inner join triggers on firings.trigger_id = triggers.trigger_id
left join times on firings.firing_id = times.firing_id
left join routes on firings.firing_id = routes.firing_id
left join owners on firings.firing_id = owners.firing_id
left join ranked_contacts on firings.firing_id = ranked_contacts.firing_id and ranked_contacts.contact_rank = 1
left join evidence on firings.firing_id = evidence.firing_id
{%- if earlier %}

    union all

    -- What was recorded while the mart itself was the record.
    select
        firing_id,
        trigger_id,
        trigger_version,
        account_id,
        triggered_at as fired_at,
        episode_triggered_at,
        judged_on,
        received_at,
        deliver_at,
        sla_due_at,
        expires_at,
        is_time_zone_known,
        message_group,
        cooldown_group,
        cooldown_days,
        is_shadow,
        is_holdout,
        routing_rule_id,
        motion,
        owner_role,
        owner_email,
        recipient_user_id,
        recipient_contact_id,
        channels,
        play_id,
        evidence,
        recorded_as_of,
        cast(null as double) as holdout_pct
    from {{ earlier }}
{%- endif %}
