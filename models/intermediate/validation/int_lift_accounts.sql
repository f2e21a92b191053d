-- What each account contributes to R and S, its errors with it: the clusters of the variance.
with

sets as (
    select * from {{ ref('int_lift_sets') }}
),

strata as (
    select * from {{ ref('int_lift_strata') }}
),

exposed as (
    select * from {{ ref('int_lift_exposed') }}
),

controls as (
    select * from {{ ref('int_risk_set_controls') }}
),

contributions as (
    select
        sets.period_key,
        sets.basis,
        sets.trigger_key,
        sets.window_days,
        sets.stratum_key,
        exposed.account_key,
        0 as as_control,
        cast(sets.n0 as double) / (sets.n1 + sets.n0) * (case when exposed.has_outcome then 1 else 0 end) as a_part,
        cast(sets.n0 as double) / (sets.n1 + sets.n0) as p_part,
        0.0e0 as b_part
    from sets
    inner join exposed
        on sets.period_key = exposed.period_key
        and sets.basis = exposed.basis
        and sets.set_key = exposed.set_key

    union all

    select
        sets.period_key,
        sets.basis,
        sets.trigger_key,
        sets.window_days,
        sets.stratum_key,
        controls.account_key,
        1 as as_control,
        0.0e0 as a_part,
        -cast(sets.n1 as double) / (sets.n1 + sets.n0) as p_part,
        cast(sets.n1 as double) / (sets.n1 + sets.n0) * (case when controls.has_outcome then 1 else 0 end) as b_part
    from sets
    inner join controls on sets.set_key = controls.set_key
),

by_stratum as (
    select
        period_key,
        basis,
        trigger_key,
        window_days,
        stratum_key,
        account_key,
        max(as_control) as is_control,
        sum(a_part) as a_sum,
        sum(p_part) as p_sum,
        sum(b_part) as b_sum
    from contributions
    group by period_key, basis, trigger_key, window_days, stratum_key, account_key
)

select
    by_stratum.period_key,
    by_stratum.basis,
    by_stratum.trigger_key,
    by_stratum.window_days,
    by_stratum.stratum_key,
    by_stratum.account_key,
    by_stratum.is_control,
    by_stratum.a_sum as account_a,
    by_stratum.b_sum + strata.control_rate * by_stratum.p_sum as account_b
from by_stratum
inner join strata
    on by_stratum.period_key = strata.period_key
    and by_stratum.basis = strata.basis
    and by_stratum.trigger_key = strata.trigger_key
    and by_stratum.window_days = strata.window_days
    and by_stratum.stratum_key = strata.stratum_key
