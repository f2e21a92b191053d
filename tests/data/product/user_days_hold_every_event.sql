-- The rollup by user, day and name loses and repeats no event.
select user_days.events, events.events as counted_events
from (select coalesce(sum(events), 0) as events from {{ ref('int_product_user_days') }}) as user_days
cross join (select count(*) as events from {{ ref('int_product_events') }}) as events
where user_days.events <> events.events
