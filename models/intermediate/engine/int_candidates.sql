-- Every moment at which a trigger could fire, with the day whose closed values judge it.
with

    triggers as (select * from {{ ref('int_triggers') }}),

    clock as (select last_closed_on from {{ ref('int_clock') }}),

    daily_episodes as (select * from {{ ref('int_daily_episodes') }}),

    bursts as (select * from {{ ref('int_event_bursts') }}),

    days as (select * from {{ ref('int_days') }}),

    daily as (

        select
            daily_episodes.trigger_id,
            daily_episodes.account_id,
            daily_episodes.triggered_at as episode_triggered_at,
            days.signal_on as judged_on,
            {{ day_close('days.signal_on') }} as moment,
            cast(null as {{ dbt.type_string() }}) as recipient_user_id,
            cast(null as timestamp) as received_at
        from daily_episodes
        cross join clock
        inner join triggers on daily_episodes.trigger_id = triggers.trigger_id
        inner join
            days
            on daily_episodes.started_on <= days.signal_on
            and days.signal_on <= case
                when triggers.rearm = 'on_reset'
                then daily_episodes.started_on
                else coalesce(daily_episodes.ended_on, clock.last_closed_on)
            end

    ),

    events as (

        -- The last day closed at or before the moment: at midnight the day that ends there.
        select
            trigger_id,
            account_id,
            triggered_at as episode_triggered_at,
            judged_on,
            triggered_at as moment,
            recipient_user_id,
            received_at
        from bursts

    ),

    candidates as (

        {% if var('urgent') -%}
            -- Between full builds: events alone, and of them those whose judged day has been built.
            select events.*
            from events
            inner join
                (select max(signal_on) as built_until from {{ ref('int_account_stage_daily') }}) as built
                on events.judged_on <= built.built_until
        {%- else -%}
            select *
            from daily
            union all
            select *
            from events
        {%- endif %}

    )

select
    candidates.trigger_id,
    candidates.account_id,
    candidates.episode_triggered_at,
    candidates.judged_on,
    candidates.moment,
    candidates.recipient_user_id,
    candidates.received_at,
    triggers.kind,
    triggers.status = 'shadow' or candidates.moment < triggers.active_from as is_shadow
from candidates
inner join triggers on candidates.trigger_id = triggers.trigger_id
