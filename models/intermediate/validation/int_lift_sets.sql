-- Matched sets of a cell: n1 index events of which a, n0 controls of which c had the outcome.
with

exposed as (
    select
        cell_key,
        set_key,
        stratum_key,
        cohort_stratum_key,
        count(*) as n1,
        sum(expanded) as a
    from {{ ref('int_lift_exposed') }}
    group by cell_key, set_key, stratum_key, cohort_stratum_key
),

controls as (
    select
        set_key,
        count(*) as n0,
        sum(case when has_outcome then 1 else 0 end) as c
    from {{ ref('int_risk_set_controls') }}
    group by set_key
)

select
    exposed.cell_key,
    exposed.set_key,
    exposed.stratum_key,
    exposed.cohort_stratum_key,
    cast(exposed.n1 as integer) as n1,
    cast(exposed.a as integer) as a,
    cast(controls.n0 as integer) as n0,
    cast(controls.c as integer) as c
from exposed
inner join controls on exposed.set_key = controls.set_key
