-- Ratio, errors, interval and p of every basis and cohort that has a matched index event.
with

    cells as (select * from {{ ref('int_lift_cells') }}),

    cohorts as (select * from {{ ref('int_validation_cohorts') }}),

    matched as (
        select
            strata.cell_key,
            cohorts.cohort_key,
            sum(strata.n_matched) as n_matched,
            sum(strata.n_matched_expanded) as n_matched_expanded,
            sum(strata.n_controls) as n_controls,
            sum(strata.n_controls_expanded) as n_controls_expanded,
            sum(strata.r) as r,
            sum(strata.s) as s,
            sum(strata.weight) as weight,
            sum(strata.greenland_robins_sum) as greenland_robins_sum
        from {{ ref('int_lift_strata') }} as strata
        inner join cohorts on strata.cohort_stratum_key = cohorts.stratum_key
        group by strata.cell_key, cohorts.cohort_key
    ),

    sums as (
        select
            matched.*,
            clusters.n_accounts,
            clusters.n_control_accounts,
            clusters.sum_aa,
            clusters.sum_ab,
            clusters.sum_bb
        from matched
        inner join
            {{ ref('int_lift_clusters') }} as clusters
            on matched.cell_key = clusters.cell_key
            and matched.cohort_key = clusters.cohort_key

        union all

        select *
        from {{ ref('int_within_sums') }}
    ),

    errors as (
        select
            sums.*,
            {{ mantel_haenszel_ratio('r', 's') }} as risk_ratio,
            (r - s) * 1.0e0 / nullif(weight, 0) as risk_difference,
            {{ clustered_error('n_accounts', 'sum_aa', 'sum_ab', 'sum_bb', 'r', 's') }} as clustered_se,
            {{ greenland_robins_error('greenland_robins_sum', 'r', 's') }} as risk_ratio_se_greenland_robins
        from sums
    ),

    ratios as (
        select
            errors.*,
            {{ speaking_error(
            'clustered_se', 'risk_ratio_se_greenland_robins', 'n_matched_expanded', 'n_controls_expanded'
        ) }} as risk_ratio_se
        from errors
    )

select
    cells.cell_key,
    cells.period_key,
    cells.basis,
    cells.trigger_key,
    cells.window_days,
    cells.is_primary,
    cohorts.cohort_type,
    cohorts.cohort,
    cast(n_matched as bigint) as n_matched,
    cast(n_matched_expanded as bigint) as n_matched_expanded,
    cast(n_controls as bigint) as n_controls,
    cast(n_controls_expanded as bigint) as n_controls_expanded,
    cast(n_control_accounts as bigint) as n_control_accounts,
    r,
    s,
    risk_difference,
    risk_ratio,
    {{ log_bound('risk_ratio', 'risk_ratio_se', '-') }} as risk_ratio_low,
    {{ log_bound('risk_ratio', 'risk_ratio_se', '+') }} as risk_ratio_high,
    risk_ratio_se,
    risk_ratio_se_greenland_robins,
    case
        when risk_ratio > 0 and risk_ratio_se > 0
        then {{ normal_two_sided_p('(ln(risk_ratio) * 1.0e0 / risk_ratio_se)') }}
    end as p_value
from ratios
inner join cells on ratios.cell_key = cells.cell_key
inner join
    (select distinct cohort_key, cohort_type, cohort from cohorts) as cohorts on ratios.cohort_key = cohorts.cohort_key
