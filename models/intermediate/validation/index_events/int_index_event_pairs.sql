-- Complete index events beside another trigger's on the same account, by primary windows: shared when the other's
-- comes within the window after or on the same day, preceded when it came within the window before.
with events as (select * from {{ ref('int_index_events') }} where is_primary)

select
    events.trigger_key,
    others.trigger_key as other_trigger_key,
    events.account_key,
    events.triggered_at,
    events.window_ends_at,
    max(
        case when others.moment_on = events.moment_on or others.triggered_at > events.triggered_at then 1 else 0 end
    ) as is_shared,
    max(case when others.triggered_at < events.triggered_at then 1 else 0 end) as is_preceded
from events
inner join
    events as others
    on events.account_key = others.account_key
    and others.triggered_at <= events.window_ends_at
    and (
        others.moment_on = events.moment_on
        or others.triggered_at >= {{ move_by_days('events.triggered_at', '-events.window_days') }}
    )
where events.trigger_key <> others.trigger_key and events.is_complete
group by events.trigger_key, others.trigger_key, events.account_key, events.triggered_at, events.window_ends_at
