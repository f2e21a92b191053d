-- How often an account did what the tracking plan names, by day, with and without a user.
with

    events as (select account_id, event_on, source_table, event_name from {{ ref('int_product_events') }}),

    matches as (select * from {{ ref('int_tracking_plan_matches') }} where is_named)

select events.account_id, events.event_on, matches.action, matches.is_value_event, count(*) as events
from events
inner join matches on events.source_table = matches.source_table and events.event_name = matches.event_name
group by events.account_id, events.event_on, matches.action, matches.is_value_event
