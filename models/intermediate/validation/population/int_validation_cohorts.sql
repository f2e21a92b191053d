-- Each stratum in the cohorts it belongs to. Stratum 0 stands for all of them together.
with

    strata as (select * from {{ ref('int_validation_strata') }}),

    members as (
        select stratum_key, 'all' as cohort_type, 'all' as cohort
        from strata

        union all

        select 0 as stratum_key, 'all' as cohort_type, 'all' as cohort

        union all

        select stratum_key, 'tier' as cohort_type, tier as cohort
        from strata

        union all

        select stratum_key, 'segment' as cohort_type, segment as cohort
        from strata
    )

select cast(dense_rank() over (order by cohort_type, cohort) as integer) as cohort_key, stratum_key, cohort_type, cohort
from members
