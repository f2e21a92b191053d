-- One row a table that landed: how much, and how long ago its newest row came, in units of its own usual gap.
with

gaps as (

    select
        table_name,
        landed_on,
        landed_rows,
        newest_at,
        landed_on - lag(landed_on) over (partition by table_name order by landed_on) as days_since_last,
        max(landed_on) over (partition by table_name) as newest_on
    from _landing_days

),

tables as (

    select
        table_name,
        sum(landed_rows) as landed_rows,
        max(newest_at) as newest_at,
        -- Of the 26 weeks before the newest row: a table that comes once a month may be a month old.
        max(days_since_last) filter (where landed_on > newest_on - 182) as usual_gap_days,
        -- How well that gap is known: of a handful of days the longest gap says little about the next one.
        count(*) filter (where landed_on > newest_on - 182) as landed_days
    from gaps
    group by table_name

)

select
    tables.table_name,
    cast(tables.landed_rows as bigint) as landed_rows,
    tables.newest_at,
    tables.usual_gap_days,
    tables.landed_days,
    round(greatest(date_diff('minute', tables.newest_at, clock.as_of) / 1440.0, 0), 2) as days_behind,
    round(greatest(date_diff('minute', tables.newest_at, clock.as_of) / 1440.0, 0) / greatest(tables.usual_gap_days, 1), 2)
        as gaps_behind
from tables
cross join {{ ref('int_clock') }} as clock
order by tables.table_name
