-- Every window, cohort and basis of every trigger, with what was counted in it.
with

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    cells as (select * from {{ ref('int_lift_cells') }} where is_whole),

    cohorts as (select distinct cohort_type, cohort from {{ ref('int_validation_cohorts') }}),

    counts as (select * from {{ ref('int_index_event_counts') }}),

    estimates as (select * from {{ ref('int_lift_estimates') }}),

    recalls as (select * from {{ ref('int_recall') }}),

    q_values as (select period_key, trigger_key, window_days, q_value from {{ ref('int_scorecard_measures') }}),

    counted_cells as (
        select cells.cell_key, max(counted.cell_key) as counted_cell_key
        from cells
        inner join
            cells as counted
            on cells.trigger_key = counted.trigger_key
            and cells.window_days = counted.window_days
            and counted.basis = case when cells.basis = 'within' then 'all' else cells.basis end
        group by cells.cell_key
    )

select
    triggers.trigger_id,
    cells.window_days,
    cohorts.cohort_type,
    cohorts.cohort,
    cells.basis,
    cells.is_primary as is_primary_window,
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
    case when cells.basis = 'all' and cohorts.cohort_type = 'all' then q_values.q_value end as q_value,
    case when cells.basis = 'all' then recalls.n_claimed end as n_claimed,
    case when cells.basis = 'all' then recalls.n_recalled end as n_recalled,
    case when cells.basis = 'all' then recalls.n_incremental end as n_incremental
from cells
inner join triggers on cells.trigger_key = triggers.trigger_key
inner join counted_cells on cells.cell_key = counted_cells.cell_key
cross join cohorts
left join
    counts
    on counted_cells.counted_cell_key = counts.cell_key
    and cohorts.cohort_type = counts.cohort_type
    and cohorts.cohort = counts.cohort
left join
    estimates
    on cells.cell_key = estimates.cell_key
    and cohorts.cohort_type = estimates.cohort_type
    and cohorts.cohort = estimates.cohort
left join
    recalls
    on cells.period_key = recalls.period_key
    and cells.trigger_key = recalls.trigger_key
    and cells.window_days = recalls.window_days
    and cohorts.cohort_type = recalls.cohort_type
    and cohorts.cohort = recalls.cohort
left join
    q_values
    on cells.period_key = q_values.period_key
    and cells.trigger_key = q_values.trigger_key
    and cells.window_days = q_values.window_days
