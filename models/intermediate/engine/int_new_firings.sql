{{ config(pre_hook="{{ stop_before_recorded_moments() }}") }}

-- depends_on: {{ ref('int_clock') }}
-- The firings that this build adds. The first build walks all of history; a later one looks at the moments since the
-- last build, and so far back that late events are seen, and adds what no recorded firing conflicts with.
with

    candidates as (select * from {{ ref('int_free_candidates') }}),

    cancellations as (select firing_id, released_at from {{ ref('int_candidate_cancellations') }}),

    recorded as ({{ recorded_by_survivor('(' ~ recorded_firings() ~ ')') | indent(4) }}),

    last_run as ({{ last_engine_run() | indent(4) }}),

    considered as (

        select candidates.*, cancellations.released_at
        from candidates
        cross join last_run
        left join cancellations on candidates.firing_id = cancellations.firing_id
        where
            last_run.as_of is null
            or candidates.moment > {{ add_days_to_moment('last_run.as_of', '-1 - ' ~ var('late_arrival_days')) }}

    ),

    conflicting as ({{ conflicts_with_recorded('considered', 'recorded') | indent(4) }}),

    free_candidates as (

        select
            considered.trigger_id,
            considered.account_id,
            considered.moment,
            considered.cooldown_group,
            considered.cooldown_days,
            considered.priority,
            considered.released_at
        from considered
        left join
            conflicting
            on considered.trigger_id = conflicting.trigger_id
            and considered.account_id = conflicting.account_id
            and considered.moment = conflicting.moment
        where conflicting.trigger_id is null

    ),

    fired as ({{ walk_cooldown('free_candidates') | indent(4) }})

select
    considered.firing_id,
    considered.trigger_id,
    considered.account_id,
    considered.episode_triggered_at,
    considered.judged_on,
    considered.moment,
    considered.recipient_user_id,
    considered.received_at,
    considered.kind,
    considered.is_shadow,
    considered.message_group,
    considered.cooldown_group,
    considered.cooldown_days
from fired
inner join
    considered
    on fired.trigger_id = considered.trigger_id
    and fired.account_id = considered.account_id
    and fired.moment = considered.moment
