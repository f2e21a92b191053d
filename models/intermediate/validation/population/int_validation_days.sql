-- Who could be looked at on a day: customers, with what decides stage, scope and stratum.
with

    stage_days as (select * from {{ ref('int_account_stage_daily') }}),

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    strata as (select * from {{ ref('int_validation_strata') }})

select
    accounts.account_key,
    accounts.account_hash,
    stage_days.signal_on,
    strata.stratum_key,
    stage_days.is_in_stage,
    cast(stage_days.contract_value as double) as contract_value
from stage_days
inner join accounts on stage_days.account_id = accounts.account_id
inner join
    strata
    on coalesce(stage_days.tier, 'unknown') = strata.tier
    and coalesce(stage_days.segment, 'unknown') = strata.segment
    and {{ tenure_band('stage_days.tenure_days') }} = strata.tenure_band
where coalesce(stage_days.stage_reason, '') <> 'churned'
