-- The last three closed days of each table that lands daily, beside the same weekday of the four weeks before: less than
-- the least of them is measured against that, more than the most against that, and what lies between is usual. A holiday
-- is no weekday, so what stops a build is measured against the quietest and the busiest of all days of eight weeks.
with

judged as (

    select
        tables.table_name,
        cast(clock.last_closed_on - cast(day_back.n as integer) as date) as landed_on,
        tables.first_on
    from (
        select table_name, min(landed_on) as first_on
        from _landing_days
        where table_name like 'segment.%' or table_name like 'zendesk.%'
        group by table_name
    ) as tables
    cross join {{ ref('int_clock') }} as clock
    cross join generate_series(0, 2) as day_back(n)

),

usual as (

    select
        judged.table_name,
        judged.landed_on,
        min(coalesce(earlier.landed_rows, 0)) as least_rows,
        max(coalesce(earlier.landed_rows, 0)) as most_rows
    from judged
    cross join generate_series(1, 4) as week_back(n)
    left join _landing_days as earlier
        on
            judged.table_name = earlier.table_name
            and earlier.landed_on = judged.landed_on - 7 * cast(week_back.n as integer)
    where judged.landed_on - 28 >= judged.first_on
    group by judged.table_name, judged.landed_on

),

eight_weeks as (

    select
        judged.table_name,
        judged.landed_on,
        min(coalesce(earlier.landed_rows, 0)) as least_rows,
        max(coalesce(earlier.landed_rows, 0)) as most_rows
    from judged
    cross join generate_series(1, 56) as day_back(n)
    left join _landing_days as earlier
        on judged.table_name = earlier.table_name and earlier.landed_on = judged.landed_on - cast(day_back.n as integer)
    where judged.landed_on - 56 >= judged.first_on
    group by judged.table_name, judged.landed_on

)

select
    usual.table_name,
    cast(usual.landed_on as varchar) as landed_on,
    coalesce(days.landed_rows, 0) as landed_rows,
    usual.least_rows,
    usual.most_rows,
    -- A few rows a day vary by themselves.
    case
        when usual.most_rows < 50 then null
        when coalesce(days.landed_rows, 0) > usual.most_rows then round(days.landed_rows / usual.most_rows, 3)
        when usual.least_rows < 50 or days.landed_rows >= usual.least_rows then 1.0
        else round(coalesce(days.landed_rows, 0) / usual.least_rows, 3)
    end as share_of_usual,
    case when eight_weeks.least_rows >= 100 then round(coalesce(days.landed_rows, 0) / eight_weeks.least_rows, 3) end
        as share_of_least,
    case when eight_weeks.most_rows >= 500 then round(coalesce(days.landed_rows, 0) / eight_weeks.most_rows, 3) end
        as share_of_most
from usual
left join eight_weeks on usual.table_name = eight_weeks.table_name and usual.landed_on = eight_weeks.landed_on
left join _landing_days as days on usual.table_name = days.table_name and usual.landed_on = days.landed_on
order by usual.table_name, usual.landed_on
