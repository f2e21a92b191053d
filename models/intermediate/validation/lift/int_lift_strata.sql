-- The sums of the Mantel-Haenszel ratio by stratum; control_rate is p of the clustered variance.
with

    cells as (select * from {{ ref('int_lift_cells') }}),

    sets as (
        {%- for basis in matched_bases() %}
            select
                frame_key,
                '{{ basis }}' as basis,
                stratum_key,
                cohort_stratum_key,
                n1_{{ basis }} as n1,
                a_{{ basis }} as a,
                n0,
                c
            from {{ ref('int_lift_sets') }}
            where n1_{{ basis }} > 0 {{ 'union all' if not loop.last }}
        {%- endfor %}
    ),

    sums as (
        select
            frame_key,
            basis,
            stratum_key,
            cohort_stratum_key,
            sum(n1) as n_matched,
            sum(a) as n_matched_expanded,
            sum(n0) as n_controls,
            sum(c) as n_controls_expanded,
            sum({{ mantel_haenszel_exposed('a', 'n1', 'n0') }}) as r,
            sum({{ mantel_haenszel_controls('c', 'n1', 'n0') }}) as s,
            sum({{ mantel_haenszel_weight('n1', 'n0') }}) as weight,
            sum({{ greenland_robins_term('a', 'n1', 'c', 'n0') }}) as greenland_robins_sum
        from sets
        group by frame_key, basis, stratum_key, cohort_stratum_key
    )

select cells.cell_key, sums.*, sums.s * 1.0e0 / sums.weight as control_rate
from sums
inner join cells on sums.frame_key = cells.frame_key and sums.basis = cells.basis
