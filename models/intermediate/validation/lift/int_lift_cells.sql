-- The cells that lift is estimated in: a frame, which is a period of a trigger and window, and a basis. Months look
-- at the primary window alone.
with

    windows as (select * from {{ ref('int_validation_windows') }}),

    periods as (select * from {{ ref('int_validation_periods') }}),

    frames as (
        select
            cast(
                row_number() over (order by periods.period_key, windows.trigger_key, windows.window_days) as integer
            ) as frame_key,
            periods.period_key,
            periods.is_whole,
            periods.known_after,
            periods.known_at,
            windows.trigger_key,
            windows.window_days,
            windows.is_primary
        from windows
        inner join periods on periods.is_whole or windows.is_primary
    ),

    bases as (
        {% for basis in matched_bases() + ['within'] -%}
            select '{{ basis }}' as basis{{ ' union all' if not loop.last }}
        {% endfor %}
    )

select cast(row_number() over (order by frames.frame_key, bases.basis) as integer) as cell_key, frames.*, bases.basis
from frames
cross join bases
