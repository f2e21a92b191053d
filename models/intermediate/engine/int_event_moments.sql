-- Every event that an event trigger waits for, up to as_of, the day still open included.
with

    events as (select * from {{ ref('int_product_events') }}),

    matches as (select * from {{ ref('int_tracking_plan_matches') }} where is_named),

    triggers as (

        select trigger_id, event_action, min_events, burst_minutes from {{ ref('int_triggers') }} where kind = 'event'

    )

select
    triggers.trigger_id,
    triggers.min_events,
    triggers.burst_minutes,
    events.account_id,
    events.event_at,
    events.user_id,
    events.event_key,
    events.received_at
from events
inner join matches on events.source_table = matches.source_table and events.event_name = matches.event_name
inner join triggers on matches.action = triggers.event_action
