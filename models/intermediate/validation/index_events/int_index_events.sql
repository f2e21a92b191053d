-- Index events by window, washed out and numbered, with what the bases ask of them.
with

    clock as (select * from {{ ref('int_clock') }}),

    episodes as (select * from {{ ref('int_index_episodes') }}),

    windows as (select * from {{ ref('int_validation_windows') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    washed_out as (
        select
            episodes.trigger_key,
            windows.window_days,
            windows.is_primary,
            triggers.is_active,
            episodes.account_key,
            episodes.triggered_at,
            episodes.moment_on,
            episodes.stratum_key,
            episodes.touched_at,
            episodes.outcome_at,
            {{ move_by_days('episodes.triggered_at', 'windows.window_days') }} as window_ends_at,
            {{ move_by_days('episodes.triggered_at', '-windows.window_days') }} as washout_from,
            episodes.last_delivered_at
        from episodes
        inner join windows on episodes.trigger_key = windows.trigger_key
        inner join triggers on episodes.trigger_key = triggers.trigger_key
        where
            episodes.exposed_before_until is null
            or episodes.exposed_before_until <= {{ move_by_days('episodes.triggered_at', '-windows.window_days') }}
    ),

    preceded as (
        select distinct events.trigger_key, events.window_days, events.account_key, events.triggered_at
        from washed_out as events
        inner join
            washed_out as others
            on events.account_key = others.account_key
            and events.window_days = others.window_days
            and others.triggered_at < events.triggered_at
            and others.triggered_at >= events.washout_from
        where others.is_active and others.trigger_key <> events.trigger_key
    )

select
    washed_out.trigger_key,
    washed_out.window_days,
    washed_out.is_primary,
    washed_out.account_key,
    washed_out.triggered_at,
    washed_out.moment_on,
    washed_out.stratum_key,
    washed_out.window_ends_at,
    washed_out.window_ends_at <= clock.as_of as is_complete,
    washed_out.outcome_at,
    coalesce(washed_out.outcome_at <= washed_out.window_ends_at, false) as has_outcome,
    washed_out.touched_at,
    coalesce(washed_out.last_delivered_at >= washed_out.washout_from, false) as is_after_delivery,
    preceded.trigger_key is null as is_alone
from washed_out
cross join clock
left join
    preceded
    on washed_out.trigger_key = preceded.trigger_key
    and washed_out.window_days = preceded.window_days
    and washed_out.account_key = preceded.account_key
    and washed_out.triggered_at = preceded.triggered_at
