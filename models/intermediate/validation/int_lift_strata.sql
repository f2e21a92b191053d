-- The sums of the Mantel-Haenszel ratio by stratum; control_rate is p of the clustered variance.
with

sets as (
    select * from {{ ref('int_lift_sets') }}
)

select
    cell_key,
    stratum_key,
    cohort_stratum_key,
    sum(n1) as n_matched,
    sum(a) as n_matched_expanded,
    sum(n0) as n_controls,
    sum(c) as n_controls_expanded,
    sum({{ mantel_haenszel_exposed('a', 'n1', 'n0') }}) as r,
    sum({{ mantel_haenszel_controls('c', 'n1', 'n0') }}) as s,
    sum({{ mantel_haenszel_weight('n1', 'n0') }}) as weight,
    sum({{ greenland_robins_term('a', 'n1', 'c', 'n0') }}) as greenland_robins_sum,
    sum({{ mantel_haenszel_controls('c', 'n1', 'n0') }}) / sum({{ mantel_haenszel_weight('n1', 'n0') }}) as control_rate
from sets
group by cell_key, stratum_key, cohort_stratum_key
