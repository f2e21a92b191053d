{{ config(materialized='view') }}

-- An account's index events and its own control days in a cell: where each account is its own set.
with

cells as (
    select * from {{ ref('int_lift_cells') }}
),

exposed as (
    select
        within_cells.cell_key,
        within_cells.trigger_key,
        within_cells.window_days,
        within_cells.known_from,
        within_cells.known_at,
        within_cells.is_whole,
        exposed.account_key,
        exposed.cohort_stratum_key,
        count(*) as n1,
        sum(exposed.expanded) as a
    from {{ ref('int_lift_exposed') }} as exposed
    inner join cells on exposed.cell_key = cells.cell_key
    inner join cells as within_cells
        on cells.period_key = within_cells.period_key
        and cells.trigger_key = within_cells.trigger_key
        and cells.window_days = within_cells.window_days
    where cells.basis = 'all' and within_cells.basis = 'within'
    group by
        within_cells.cell_key, within_cells.trigger_key, within_cells.window_days, within_cells.known_from,
        within_cells.known_at, within_cells.is_whole, exposed.account_key, exposed.cohort_stratum_key
),

-- A moment is a midnight: it comes after an instant when its day does, and by one when its day does.
exposed_accounts as (
    select distinct
        cell_key,
        trigger_key,
        window_days,
        is_whole,
        account_key,
        {{ day_of('known_from') }} as after_on,
        {{ add_days(day_of('known_at'), '-window_days') }} as last_on
    from exposed
),

controls as (
    select
        exposed_accounts.cell_key,
        exposed_accounts.account_key,
        case when exposed_accounts.is_whole then days.stratum_key else 0 end as cohort_stratum_key,
        count(*) as n0,
        sum(case when days.days_to_outcome <= exposed_accounts.window_days then 1 else 0 end) as c
    from exposed_accounts
    inner join {{ ref('int_within_days') }} as days
        on exposed_accounts.trigger_key = days.trigger_key
        and exposed_accounts.account_key = days.account_key
        and days.moment_on > exposed_accounts.after_on
        and days.moment_on <= exposed_accounts.last_on
    where days.days_since_exposed is null or days.days_since_exposed >= exposed_accounts.window_days
    group by
        exposed_accounts.cell_key, exposed_accounts.account_key,
        case when exposed_accounts.is_whole then days.stratum_key else 0 end
)

select
    cell_key,
    account_key,
    cohort_stratum_key,
    n1,
    a,
    0 as n0,
    0 as c
from exposed

union all

select
    cell_key,
    account_key,
    cohort_stratum_key,
    0 as n1,
    0 as a,
    n0,
    c
from controls
