-- Complete index events, once for every frame that they count in, with the bases that keep them; basis all keeps
-- every one. Months have one cohort, all, as stratum 0.
with

    events as (select * from {{ ref('int_index_events') }} where is_complete),

    sets as (select * from {{ ref('int_risk_sets') }}),

    -- Each frame once: every basis has it.
    frames as (select * from {{ ref('int_lift_cells') }} where basis = 'all')

select
    frames.frame_key,
    sets.set_key,
    events.stratum_key,
    case when frames.is_whole then events.stratum_key else 0 end as cohort_stratum_key,
    events.account_key,
    1 as in_all,
    case when events.is_after_delivery or events.touched_at <= frames.known_at then 0 else 1 end as in_untouched,
    case when events.is_alone then 1 else 0 end as in_alone,
    case when events.has_outcome then 1 else 0 end as expanded
from events
inner join
    sets
    on events.trigger_key = sets.trigger_key
    and events.window_days = sets.window_days
    and events.moment_on = sets.moment_on
    and events.stratum_key = sets.stratum_key
inner join
    frames
    on events.trigger_key = frames.trigger_key
    and events.window_days = frames.window_days
    and events.triggered_at > frames.known_after
    and events.window_ends_at <= frames.known_at
