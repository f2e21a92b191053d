-- Matched sets of a frame: n1 index events of each basis, of which a, and n0 controls, of which c, had the outcome.
-- The bases stand beside each other because they share the controls, which are many.
with

    exposed as (
        select
            frame_key,
            set_key,
            stratum_key,
            cohort_stratum_key,
            {%- for basis in matched_bases() %}
                sum(in_{{ basis }}) as n1_{{ basis }},
                sum(in_{{ basis }} * expanded) as a_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_lift_exposed') }}
        group by frame_key, set_key, stratum_key, cohort_stratum_key
    ),

    controls as (
        select set_key, count(*) as n0, sum(case when has_outcome then 1 else 0 end) as c
        from {{ ref('int_risk_set_controls') }}
        group by set_key
    )

select
    exposed.frame_key,
    exposed.set_key,
    exposed.stratum_key,
    exposed.cohort_stratum_key,
    {%- for basis in matched_bases() %}
        cast(exposed.n1_{{ basis }} as integer) as n1_{{ basis }},
        cast(exposed.a_{{ basis }} as integer) as a_{{ basis }},
    {%- endfor %}
    cast(controls.n0 as integer) as n0,
    cast(controls.c as integer) as c
from exposed
inner join controls on exposed.set_key = controls.set_key
