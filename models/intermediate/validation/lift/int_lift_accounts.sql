{{ config(materialized='view') }}

-- What each account adds to R and takes from S: the clusters of the variance. An exposed adds w y and w p, a control
-- v (y - p), where w = n0 / N, v = n1 / N and p is the control rate of the stratum. Null where a basis does not have
-- it.
with

    rates as (
        select
            frame_key,
            stratum_key,
            {%- for basis in matched_bases() %}
                max(case when basis = '{{ basis }}' then control_rate end) as p_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_lift_strata') }}
        group by frame_key, stratum_key
    ),

    sets as (
        select
            sets.frame_key,
            sets.set_key,
            sets.cohort_stratum_key,
            {%- for basis in matched_bases() %}
                cast(sets.n0 as double) / (sets.n1_{{ basis }} + sets.n0) as w_{{ basis }},
                case
                    when sets.n1_{{ basis }} > 0
                    then cast(sets.n1_{{ basis }} as double) / (sets.n1_{{ basis }} + sets.n0)
                end as v_{{ basis }},
                rates.p_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_lift_sets') }} as sets
        inner join rates on sets.frame_key = rates.frame_key and sets.stratum_key = rates.stratum_key
    ),

    contributions as (
        select
            sets.frame_key,
            sets.cohort_stratum_key,
            exposed.account_key,
            {%- for basis in matched_bases() %}
                0 as is_control_{{ basis }},
                case when exposed.in_{{ basis }} = 1 then sets.w_{{ basis }} * exposed.expanded end as a_{{ basis }},
                case
                    when exposed.in_{{ basis }} = 1 then sets.w_{{ basis }} * sets.p_{{ basis }}
                end as b_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from sets
        inner join
            {{ ref('int_lift_exposed') }} as exposed
            on sets.frame_key = exposed.frame_key
            and sets.set_key = exposed.set_key

        union all

        select
            sets.frame_key,
            sets.cohort_stratum_key,
            controls.account_key,
            {%- for basis in matched_bases() %}
                case when sets.v_{{ basis }} is not null then 1 else 0 end as is_control_{{ basis }},
                cast(null as double) as a_{{ basis }},
                sets.v_{{ basis }} * (
                    case when controls.has_outcome then 1 else 0 end - sets.p_{{ basis }}
                ) as b_{{ basis }}{{ ',' if not loop.last }}
            {%- endfor %}
        from sets
        inner join {{ ref('int_risk_set_controls') }} as controls on sets.set_key = controls.set_key
    )

select
    frame_key,
    cohort_stratum_key,
    account_key,
    {%- for basis in matched_bases() %}
        max(is_control_{{ basis }}) as is_control_{{ basis }},
        sum(a_{{ basis }}) as a_{{ basis }},
        sum(b_{{ basis }}) as b_{{ basis }}{{ ',' if not loop.last }}
    {%- endfor %}
from contributions
group by frame_key, cohort_stratum_key, account_key
