-- What lift is looked at over: a period of a trigger and window. Months look at the primary window alone.
with

    windows as (select * from {{ ref('int_validation_windows') }}),

    periods as (select * from {{ ref('int_validation_periods') }})

select
    cast(
        row_number() over (order by periods.period_key, windows.trigger_key, windows.window_days) as integer
    ) as frame_key,
    periods.period_key,
    periods.is_whole,
    periods.known_from,
    periods.known_at,
    windows.trigger_key,
    windows.window_days,
    windows.is_primary
from windows
inner join periods on periods.is_whole or windows.is_primary
