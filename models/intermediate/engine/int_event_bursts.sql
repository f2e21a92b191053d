-- Events of one trigger and account that stand close together are one candidate, at the first one's time.
with

    fresh_moments as (select * from {{ ref('int_fresh_event_moments') }}),

    moments as (

        select
            moments.trigger_id,
            moments.account_id,
            moments.burst_minutes,
            moments.min_events,
            moments.event_at,
            moments.user_id,
            moments.received_at
        from {{ ref('int_event_moments') }} as moments
        {% if var('urgent') -%}
            -- Between full builds nothing new opens where nothing new came.
            inner join
                (select distinct trigger_id, account_id from fresh_moments) as changed
                on moments.trigger_id = changed.trigger_id
                and moments.account_id = changed.account_id
        {%- endif %}
        union all
        select trigger_id, account_id, burst_minutes, min_events, event_at, user_id, received_at
        from fresh_moments

    ),

    triggers as (select trigger_id, conditions from {{ ref('int_triggers') }} where kind = 'event'),

    trigger_days as (select * from {{ ref('int_trigger_days') }}),

    counted as (

        select
            trigger_id,
            account_id,
            burst_minutes,
            min_events,
            event_at,
            min(user_id) as user_id,
            min(received_at) as received_at,
            count(*) as events
        from moments
        group by trigger_id, account_id, burst_minutes, min_events, event_at

    ),

    qualifying as (

        -- Enough of them in the trailing minutes, both ends in.
        select
            counted.trigger_id,
            counted.account_id,
            counted.burst_minutes,
            counted.event_at,
            counted.user_id,
            counted.received_at
        from counted
        inner join
            counted as trailing_events
            on counted.trigger_id = trailing_events.trigger_id
            and counted.account_id = trailing_events.account_id
            and trailing_events.event_at <= counted.event_at
            and {{ add_minutes('trailing_events.event_at', 'counted.burst_minutes') }} >= counted.event_at
        group by
            counted.trigger_id,
            counted.account_id,
            counted.burst_minutes,
            counted.min_events,
            counted.event_at,
            counted.user_id,
            counted.received_at
        having sum(trailing_events.events) >= counted.min_events

    ),

    -- The conditions, if the trigger has any, hold on the last day closed at or before the event.
    conditioned as (

        select qualifying.*
        from qualifying
        inner join triggers on qualifying.trigger_id = triggers.trigger_id
        left join
            trigger_days
            on qualifying.trigger_id = trigger_days.trigger_id
            and qualifying.account_id = trigger_days.account_id
            and {{ add_days(day_of('qualifying.event_at'), -1) }} = trigger_days.signal_on
        where triggers.conditions = 0 or trigger_days.signal_on is not null

    ),

    opened as ({{ opened_bursts('conditioned') | indent(4) }})

select
    opened.trigger_id,
    opened.account_id,
    opened.event_at as triggered_at,
    {{ add_days(day_of('opened.event_at'), -1) }} as judged_on,
    conditioned.user_id as recipient_user_id,
    conditioned.received_at
from opened
inner join
    conditioned
    on opened.trigger_id = conditioned.trigger_id
    and opened.account_id = conditioned.account_id
    and opened.event_at = conditioned.event_at
