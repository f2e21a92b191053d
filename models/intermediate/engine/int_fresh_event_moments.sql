-- What int_event_moments will have of the events that were received since the last build; empty in a build.
with

    events as (select * from {{ ref('stg_product__fresh_events') }}),

    placed as ({{ placed_events('events') }}),

    -- Matched anew: a name may be seen for the first time.
    event_names as (

        select source_table, event_name, count(*) as copies
        from events
        where event_name is not null
        group by source_table, event_name

    ),

    matches as ({{ matched_names('event_names') }}),

    triggers as (

        select trigger_id, event_action, min_events, burst_minutes from {{ ref('int_triggers') }} where kind = 'event'

    )

select
    triggers.trigger_id,
    triggers.min_events,
    triggers.burst_minutes,
    placed.account_id,
    placed.event_at,
    placed.user_id,
    placed.event_key,
    placed.received_at
from placed
inner join matches on placed.source_table = matches.source_table and placed.event_name = matches.event_name
inner join triggers on matches.action = triggers.event_action
