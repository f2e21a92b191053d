-- The sums of a cohort's lift for the bases that are matched between accounts.
with

periods as (
    select * from {{ ref('int_validation_periods') }}
),

strata as (
    select * from {{ ref('int_lift_strata') }}
),

cohorts as (
    select * from {{ ref('int_validation_cohorts') }}
),

accounts as (
    select
        accounts.period_key,
        accounts.basis,
        accounts.trigger_key,
        accounts.window_days,
        cohorts.cohort_type,
        cohorts.cohort,
        accounts.account_key,
        max(accounts.is_control) as is_control,
        sum(accounts.account_a) as account_a,
        sum(accounts.account_b) as account_b
    from {{ ref('int_lift_accounts') }} as accounts
    inner join periods on accounts.period_key = periods.period_key
    inner join cohorts on accounts.stratum_key = cohorts.stratum_key
    where periods.is_whole or cohorts.cohort_type = 'all'
    group by
        accounts.period_key, accounts.basis, accounts.trigger_key, accounts.window_days,
        cohorts.cohort_type, cohorts.cohort, accounts.account_key
),

clusters as (
    select
        period_key,
        basis,
        trigger_key,
        window_days,
        cohort_type,
        cohort,
        count(*) as n_accounts,
        sum(is_control) as n_control_accounts,
        sum(account_a * account_a) as sum_aa,
        sum(account_a * account_b) as sum_ab,
        sum(account_b * account_b) as sum_bb
    from accounts
    group by period_key, basis, trigger_key, window_days, cohort_type, cohort
),

sums as (
    select
        strata.period_key,
        strata.basis,
        strata.trigger_key,
        strata.window_days,
        cohorts.cohort_type,
        cohorts.cohort,
        sum(strata.n_matched) as n_matched,
        sum(strata.n_matched_expanded) as n_matched_expanded,
        sum(strata.n_controls) as n_controls,
        sum(strata.n_controls_expanded) as n_controls_expanded,
        sum(strata.r) as r,
        sum(strata.s) as s,
        sum(strata.weight) as weight,
        sum(strata.greenland_robins_sum) as greenland_robins_sum
    from strata
    inner join cohorts on strata.stratum_key = cohorts.stratum_key
    group by
        strata.period_key, strata.basis, strata.trigger_key, strata.window_days, cohorts.cohort_type, cohorts.cohort
)

select
    sums.*,
    clusters.n_accounts,
    clusters.n_control_accounts,
    clusters.sum_aa,
    clusters.sum_ab,
    clusters.sum_bb
from sums
inner join clusters
    on sums.period_key = clusters.period_key
    and sums.basis = clusters.basis
    and sums.trigger_key = clusters.trigger_key
    and sums.window_days = clusters.window_days
    and sums.cohort_type = clusters.cohort_type
    and sums.cohort = clusters.cohort
