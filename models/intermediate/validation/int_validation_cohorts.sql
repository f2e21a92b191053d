-- Each stratum in the cohorts it belongs to.
with

strata as (
    select * from {{ ref('int_validation_strata') }}
)

select
    stratum_key,
    'all' as cohort_type,
    'all' as cohort
from strata

union all

select
    stratum_key,
    'tier' as cohort_type,
    tier as cohort
from strata

union all

select
    stratum_key,
    'segment' as cohort_type,
    segment as cohort
from strata
