-- The sums of a cohort's lift where each account is its own set, of the same shape as int_lift_matched.
with

periods as (
    select * from {{ ref('int_validation_periods') }}
),

cohorts as (
    select * from {{ ref('int_validation_cohorts') }}
),

counted as (
    select
        period_key,
        trigger_key,
        window_days,
        account_key,
        stratum_key,
        count(*) as n1,
        sum(case when has_outcome then 1 else 0 end) as a,
        0 as n0,
        0 as c
    from {{ ref('int_lift_exposed') }}
    where basis = 'all'
    group by period_key, trigger_key, window_days, account_key, stratum_key

    union all

    select
        period_key,
        trigger_key,
        window_days,
        account_key,
        stratum_key,
        0 as n1,
        0 as a,
        n0,
        c
    from {{ ref('int_within_controls') }}
),

sets as (
    select
        counted.period_key,
        counted.trigger_key,
        counted.window_days,
        cohorts.cohort_type,
        cohorts.cohort,
        counted.account_key,
        sum(counted.n1) as n1,
        sum(counted.a) as a,
        sum(counted.n0) as n0,
        sum(counted.c) as c
    from counted
    inner join periods on counted.period_key = periods.period_key
    inner join cohorts on counted.stratum_key = cohorts.stratum_key
    where periods.is_whole or cohorts.cohort_type = 'all'
    group by
        counted.period_key, counted.trigger_key, counted.window_days,
        cohorts.cohort_type, cohorts.cohort, counted.account_key
),

parts as (
    select
        sets.*,
        {{ mantel_haenszel_exposed('a', 'n1', 'n0') }} as r_part,
        {{ mantel_haenszel_controls('c', 'n1', 'n0') }} as s_part,
        {{ mantel_haenszel_weight('n1', 'n0') }} as weight_part,
        {{ greenland_robins_term('a', 'n1', 'c', 'n0') }} as greenland_robins_part
    from sets
    where n1 > 0 and n0 > 0
)

select
    period_key,
    'within' as basis,
    trigger_key,
    window_days,
    cohort_type,
    cohort,
    sum(n1) as n_matched,
    sum(a) as n_matched_expanded,
    sum(n0) as n_controls,
    sum(c) as n_controls_expanded,
    sum(r_part) as r,
    sum(s_part) as s,
    sum(weight_part) as weight,
    sum(greenland_robins_part) as greenland_robins_sum,
    count(*) as n_accounts,
    count(*) as n_control_accounts,
    sum(r_part * r_part) as sum_aa,
    sum(r_part * s_part) as sum_ab,
    sum(s_part * s_part) as sum_bb
from parts
group by period_key, trigger_key, window_days, cohort_type, cohort
