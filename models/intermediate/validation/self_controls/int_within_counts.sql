{{ config(materialized='view') }}

-- An account's index events and its own control days in a cell: where each account is its own set.
with

    cells as (select * from {{ ref('int_lift_cells') }} where basis = 'within'),

    by_frame as (
        select frame_key, account_key, cohort_stratum_key, count(*) as n1, sum(expanded) as a
        from {{ ref('int_lift_exposed') }}
        group by frame_key, account_key, cohort_stratum_key
    ),

    exposed as (
        select cells.cell_key, by_frame.account_key, by_frame.cohort_stratum_key, by_frame.n1, by_frame.a
        from by_frame
        inner join cells on by_frame.frame_key = cells.frame_key
    ),

    -- A moment is a midnight: it comes after an instant when its day does, and by one when its day does.
    exposed_accounts as (
        select
            cells.cell_key,
            cells.trigger_key,
            cells.window_days,
            cells.is_whole,
            accounts.account_key,
            {{ day_of('cells.known_from') }} as after_on,
            {{ add_days(day_of('cells.known_at'), '-cells.window_days') }} as last_on
        from (select distinct frame_key, account_key from by_frame) as accounts
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
    )

select cell_key, account_key, cohort_stratum_key, n1, a, 0 as n0, 0 as c
from exposed

union all

select cell_key, account_key, cohort_stratum_key, 0 as n1, 0 as a, n0, c
from controls
