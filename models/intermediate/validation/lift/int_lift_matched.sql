-- The sums of a cohort's lift for the bases that are matched between accounts.
with

    strata as (select * from {{ ref('int_lift_strata') }}),

    cohorts as (select * from {{ ref('int_validation_cohorts') }}),

    clusters as (select * from {{ ref('int_lift_clusters') }}),

    sums as (
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
        from strata
        inner join cohorts on strata.cohort_stratum_key = cohorts.stratum_key
        group by strata.cell_key, cohorts.cohort_key
    )

select sums.*, clusters.n_accounts, clusters.n_control_accounts, clusters.sum_aa, clusters.sum_ab, clusters.sum_bb
from sums
inner join clusters on sums.cell_key = clusters.cell_key and sums.cohort_key = clusters.cohort_key
