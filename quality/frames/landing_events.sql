-- What the product's calls of the last 28 closed days look like, by table.
select
    days.table_name,
    cast(sum(days.landed_rows) as bigint) as landed_rows,
    round(sum(days.rows_without_user) / sum(days.landed_rows), 4) as share_without_user,
    round(sum(days.late_rows) / sum(days.landed_rows), 4) as share_late,
    round(sum(days.rows_from_the_future) / sum(days.landed_rows), 4) as share_from_the_future
from _landing_days as days
cross join {{ ref('int_clock') }} as clock
where days.landed_on > clock.last_closed_on - 28 and days.table_name like 'segment.%'
group by days.table_name
-- A handful of rows makes no share.
having sum(days.landed_rows) >= 100
order by days.table_name
