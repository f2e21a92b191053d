-- Every window, cohort and basis of every trigger, with what was counted in it.
with

windows as (
    select * from {{ ref('int_validation_windows') }}
),

triggers as (
    select * from {{ ref('int_validation_triggers') }}
),

periods as (
    select * from {{ ref('int_validation_periods') }}
    where is_whole
),

cohorts as (
    select distinct
        cohort_type,
        cohort
    from {{ ref('int_validation_cohorts') }}
),

bases as (
    select 'all' as basis
    union all
    select 'untouched' as basis
    union all
    select 'alone' as basis
    union all
    select 'within' as basis
),

counts as (
    select * from {{ ref('int_index_event_counts') }}
),

estimates as (
    select * from {{ ref('int_lift_estimates') }}
),

recalls as (
    select * from {{ ref('int_recall') }}
),

q_values as (
    select * from {{ ref('int_lift_q_values') }}
)

select
    triggers.trigger_id,
    windows.window_days,
    cohorts.cohort_type,
    cohorts.cohort,
    bases.basis,
    windows.is_primary as is_primary_window,
    cast(coalesce(counts.n_index, 0) as bigint) as n_index,
    cast(coalesce(counts.n_open, 0) as bigint) as n_open,
    cast(coalesce(counts.n_index_expanded, 0) as bigint) as n_index_expanded,
    coalesce(estimates.n_matched, 0) as n_matched,
    coalesce(estimates.n_matched_expanded, 0) as n_matched_expanded,
    coalesce(estimates.n_controls, 0) as n_controls,
    coalesce(estimates.n_controls_expanded, 0) as n_controls_expanded,
    coalesce(estimates.n_control_accounts, 0) as n_control_accounts,
    estimates.r,
    estimates.s,
    estimates.risk_difference,
    estimates.risk_ratio,
    estimates.risk_ratio_low,
    estimates.risk_ratio_high,
    estimates.risk_ratio_se,
    estimates.risk_ratio_se_greenland_robins,
    estimates.p_value,
    case when bases.basis = 'all' and cohorts.cohort_type = 'all' then q_values.q_value end as q_value,
    case when bases.basis = 'all' then recalls.n_claimed end as n_claimed,
    case when bases.basis = 'all' then recalls.n_recalled end as n_recalled,
    case when bases.basis = 'all' then recalls.n_incremental end as n_incremental
from windows
inner join triggers on windows.trigger_key = triggers.trigger_key
cross join periods
cross join cohorts
cross join bases
left join counts
    on counts.period_key = periods.period_key
    and counts.trigger_key = windows.trigger_key
    and counts.window_days = windows.window_days
    and counts.cohort_type = cohorts.cohort_type
    and counts.cohort = cohorts.cohort
    and counts.basis = case when bases.basis = 'within' then 'all' else bases.basis end
left join estimates
    on estimates.period_key = periods.period_key
    and estimates.trigger_key = windows.trigger_key
    and estimates.window_days = windows.window_days
    and estimates.cohort_type = cohorts.cohort_type
    and estimates.cohort = cohorts.cohort
    and estimates.basis = bases.basis
left join recalls
    on recalls.period_key = periods.period_key
    and recalls.trigger_key = windows.trigger_key
    and recalls.window_days = windows.window_days
    and recalls.cohort_type = cohorts.cohort_type
    and recalls.cohort = cohorts.cohort
left join q_values
    on q_values.period_key = periods.period_key
    and q_values.trigger_key = windows.trigger_key
    and q_values.window_days = windows.window_days
