-- The sums of a cohort's lift where each account is its own set: its index events against its own control days.
with

    cells as (select * from {{ ref('int_lift_cells') }} where basis = 'within'),

    cohorts as (select * from {{ ref('int_validation_cohorts') }}),

    exposed as (
        select frame_key, account_key, cohort_stratum_key, count(*) as n1, sum(expanded) as a
        from {{ ref('int_lift_exposed') }}
        group by frame_key, account_key, cohort_stratum_key
    ),

    -- A moment is a midnight: it comes after an instant when its day does, and by one when its day does.
    exposed_accounts as (
        select
            cells.cell_key,
            cells.trigger_key,
            cells.window_days,
            cells.is_whole,
            accounts.account_key,
            {{ day_of('cells.known_after') }} as after_on,
            {{ add_days(day_of('cells.known_at'), '-cells.window_days') }} as last_on
        from (select distinct frame_key, account_key from exposed) as accounts
        inner join cells on accounts.frame_key = cells.frame_key
    ),

    controls as (
        select
            exposed_accounts.cell_key,
            exposed_accounts.account_key,
            case when exposed_accounts.is_whole then days.stratum_key else 0 end as cohort_stratum_key,
            count(*) as n0,
            sum(case when days.days_to_outcome <= exposed_accounts.window_days then 1 else 0 end) as c
        from exposed_accounts
        inner join
            {{ ref('int_within_days') }} as days
            on exposed_accounts.trigger_key = days.trigger_key
            and exposed_accounts.account_key = days.account_key
            and days.moment_on > exposed_accounts.after_on
            and days.moment_on <= exposed_accounts.last_on
        where days.days_since_exposed is null or days.days_since_exposed >= exposed_accounts.window_days
        group by
            exposed_accounts.cell_key,
            exposed_accounts.account_key,
            case when exposed_accounts.is_whole then days.stratum_key else 0 end
    ),

    counts as (
        select cells.cell_key, exposed.account_key, exposed.cohort_stratum_key, exposed.n1, exposed.a, 0 as n0, 0 as c
        from exposed
        inner join cells on exposed.frame_key = cells.frame_key

        union all

        select cell_key, account_key, cohort_stratum_key, 0 as n1, 0 as a, n0, c
        from controls
    ),

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
