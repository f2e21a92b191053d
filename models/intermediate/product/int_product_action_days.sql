-- Events by what the tracking plan says they count as.
with

    user_days as (select * from {{ ref('int_product_user_days') }}),

    matches as (select * from {{ ref('int_tracking_plan_matches') }} where is_named)

select user_days.account_id, user_days.event_on, matches.action, matches.is_value_event, sum(user_days.events) as events
from user_days
inner join matches on user_days.source_table = matches.source_table and user_days.event_name = matches.event_name
group by user_days.account_id, user_days.event_on, matches.action, matches.is_value_event
