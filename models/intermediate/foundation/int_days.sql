-- Every closed day that a signal may be asked for.
with

    clock as (select last_closed_on from {{ ref('int_clock') }}),

    days as (select {{ series_of_days("cast('2000-01-01' as date)", 'last_closed_on') }} as day from clock)

select cast(day as date) as signal_on
from days
