{{ config(materialized='view') }}

-- Where each firing stands, as readers know it.
select
    firing_id,
    trigger_id,
    account_id,
    fired_at as triggered_at,
    status,
    status_reason,
    held_back_reason,
    is_reproduced,
    deliver_at,
    sla_due_at,
    expires_at,
    delivered_at,
    accepted_at,
    declined_at,
    meeting_at,
    opportunity_at,
    won_at,
    lost_at,
    closed_at,
    closed_because,
    is_sla_met
from {{ ref('int_firing_status') }}
