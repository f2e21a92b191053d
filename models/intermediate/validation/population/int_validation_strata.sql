with

    stage_days as (select * from {{ ref('int_account_stage_daily') }}),

    strata as (
        select distinct
            coalesce(tier, 'unknown') as tier,
            coalesce(segment, 'unknown') as segment,
            {{ tenure_band('tenure_days') }} as tenure_band
        from stage_days
    )

select
    cast(row_number() over (order by tier, segment, tenure_band) as integer) as stratum_key, tier, segment, tenure_band
from strata
