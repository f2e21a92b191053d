{{ config(materialized='view') }}

-- What each account adds to R and takes from S: the clusters of the variance. An exposed adds w y and w p, a control
-- v (y - p), where w = n0 / N, v = n1 / N and p is the control rate of the stratum.
with

sets as (
    select
        sets.cell_key,
        sets.set_key,
        sets.cohort_stratum_key,
        cast(sets.n0 as double) / (sets.n1 + sets.n0) as w,
        cast(sets.n1 as double) / (sets.n1 + sets.n0) as v,
        strata.control_rate as p
    from {{ ref('int_lift_sets') }} as sets
    inner join {{ ref('int_lift_strata') }} as strata
        on sets.cell_key = strata.cell_key
        and sets.stratum_key = strata.stratum_key
),

contributions as (
    select
        sets.cell_key,
        sets.cohort_stratum_key,
        exposed.account_key,
        0 as as_control,
        sets.w * exposed.expanded as a_part,
        sets.w * sets.p as b_part
    from sets
    inner join {{ ref('int_lift_exposed') }} as exposed
        on sets.cell_key = exposed.cell_key
        and sets.set_key = exposed.set_key

    union all

    select
        sets.cell_key,
        sets.cohort_stratum_key,
        controls.account_key,
        1 as as_control,
        0.0e0 as a_part,
        sets.v * (case when controls.has_outcome then 1 else 0 end - sets.p) as b_part
    from sets
    inner join {{ ref('int_risk_set_controls') }} as controls on sets.set_key = controls.set_key
)

select
    cell_key,
    cohort_stratum_key,
    account_key,
    max(as_control) as is_control,
    sum(a_part) as account_a,
    sum(b_part) as account_b
from contributions
group by cell_key, cohort_stratum_key, account_key
