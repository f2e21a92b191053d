{#-
    The events that an event trigger waits for. events: rows of int_product_events; matches: of int_tracking_plan_matches.
-#}
{% macro event_moments(events, matches) -%}
    with

        events as (select * from {{ events }}),

        matches as (select * from {{ matches }} where is_named),

        triggers as (

            select trigger_id, event_action, min_events, burst_minutes
            from {{ ref('int_triggers') }}
            where kind = 'event'

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
{%- endmacro %}
