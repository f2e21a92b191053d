-- Control days by account, period, window and stratum.
with

days as (
    select * from {{ ref('int_within_days') }}
),

windows as (
    select * from {{ ref('int_validation_windows') }}
),

periods as (
    select * from {{ ref('int_validation_periods') }}
)

select
    periods.period_key,
    days.trigger_key,
    windows.window_days,
    days.account_key,
    days.stratum_key,
    count(*) as n0,
    sum(case
        when days.outcome_at <= {{ move_by_days('days.moment_at', 'windows.window_days') }} then 1 else 0
    end) as c
from days
inner join windows on days.trigger_key = windows.trigger_key
inner join periods
    on days.moment_at > periods.known_from
    and {{ move_by_days('days.moment_at', 'windows.window_days') }} <= periods.known_at
where (periods.is_whole or windows.is_primary)
    and (days.exposed_until is null or days.exposed_until <= {{ move_by_days('days.moment_at', '-windows.window_days') }})
group by periods.period_key, days.trigger_key, windows.window_days, days.account_key, days.stratum_key
