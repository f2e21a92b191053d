-- Index events of a cohort, matched or not; the open windows beside them.
with

exposed as (
    select * from {{ ref('int_lift_exposed') }}
),

open_events as (
    select * from {{ ref('int_index_events') }}
    where not is_complete
),

periods as (
    select * from {{ ref('int_validation_periods') }}
),

cohorts as (
    select * from {{ ref('int_validation_cohorts') }}
),

counted as (
    select
        exposed.period_key,
        exposed.basis,
        exposed.trigger_key,
        exposed.window_days,
        exposed.stratum_key,
        1 as is_complete,
        case when exposed.has_outcome then 1 else 0 end as expanded
    from exposed

    union all

    select
        periods.period_key,
        'all' as basis,
        open_events.trigger_key,
        open_events.window_days,
        open_events.stratum_key,
        0 as is_complete,
        0 as expanded
    from open_events
    inner join periods on periods.is_whole
)

select
    counted.period_key,
    counted.basis,
    counted.trigger_key,
    counted.window_days,
    cohorts.cohort_type,
    cohorts.cohort,
    sum(counted.is_complete) as n_index,
    sum(1 - counted.is_complete) as n_open,
    sum(counted.expanded) as n_index_expanded
from counted
inner join periods on counted.period_key = periods.period_key
inner join cohorts on counted.stratum_key = cohorts.stratum_key
where periods.is_whole or cohorts.cohort_type = 'all'
group by
    counted.period_key, counted.basis, counted.trigger_key, counted.window_days, cohorts.cohort_type, cohorts.cohort
