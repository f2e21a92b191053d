-- The sums of a cohort's lift where each account is its own set, of the same shape as int_lift_matched.
with

    cohorts as (select * from {{ ref('int_validation_cohorts') }}),

    counts as (select * from {{ ref('int_within_counts') }}),

    -- As doubles the counts stay exact, and their sums take half the room.
    sets as (
        select
            counts.cell_key,
            cohorts.cohort_key,
            counts.account_key,
            sum(cast(counts.n1 as double)) as n1,
            sum(cast(counts.a as double)) as a,
            sum(cast(counts.n0 as double)) as n0,
            sum(cast(counts.c as double)) as c
        from counts
        inner join cohorts on counts.cohort_stratum_key = cohorts.stratum_key
        group by counts.cell_key, cohorts.cohort_key, counts.account_key
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
    cell_key,
    cohort_key,
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
group by cell_key, cohort_key
