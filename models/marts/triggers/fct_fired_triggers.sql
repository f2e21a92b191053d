{{ config(materialized='view') }}

-- The recorded firings, as readers know them.
select
    firing_id,
    trigger_id,
    trigger_version,
    account_id,
    fired_at as triggered_at,
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
    holdout_pct,
    routing_rule_id,
    motion,
    owner_role,
    owner_email,
    recipient_user_id,
    recipient_contact_id,
    channels,
    play_id,
    evidence,
    recorded_as_of
from {{ ref('int_firings') }}
