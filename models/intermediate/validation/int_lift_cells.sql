-- The cells that lift is estimated in: a period and basis of a trigger and window. Months look at the primary window alone.
with

windows as (
    select * from {{ ref('int_validation_windows') }}
),

periods as (
    select * from {{ ref('int_validation_periods') }}
),

bases as (
    select 'all' as basis
    union all
    select 'untouched' as basis
    union all
    select 'alone' as basis
    union all
    select 'within' as basis
)

select
    cast(row_number() over (
        order by periods.period_key, windows.trigger_key, windows.window_days, bases.basis
    ) as integer) as cell_key,
    periods.period_key,
    periods.is_whole,
    periods.known_from,
    periods.known_at,
    windows.trigger_key,
    windows.window_days,
    windows.is_primary,
    bases.basis
from windows
inner join periods on periods.is_whole or windows.is_primary
cross join bases
