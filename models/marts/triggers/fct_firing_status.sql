{{ config(materialized='view') }}

-- Where each firing stands, as readers know it.
select
    firing_id,
    trigger_id,
    account_id,
    fired_at as triggered_at,
    status,
    status_reason,
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
    is_sla_met
from {{ ref('int_firing_status') }}
