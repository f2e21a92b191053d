{{ config(materialized='view') }}

-- Every live account as it stands at the last closed day.
select
    account_id,
    account_name,
    parent_account_id,
    ultimate_parent_account_id,
    segment,
    tier,
    contract_value,
    seats_licensed,
    health_score,
    health_band,
    account_executive_email,
    success_manager_email,
    country_code,
    time_zone,
    is_time_zone_known,
    first_paid_on,
    tenure_days,
    is_in_stage,
    stage_reason
from {{ ref('int_accounts_today') }}
