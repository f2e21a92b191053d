{{ config(pre_hook="{{ stop_before_recorded_moments() }}") }}

-- depends_on: {{ ref('int_clock') }}
-- The firings that this build adds. The first build walks all of history; a later one looks at the moments since the
-- last build, and so far back that late events are seen, and adds what no recorded firing conflicts with.
with

    judgements as (select * from {{ ref('int_candidate_judgements') }} where reason is null),

    triggers as (select trigger_id, burst_minutes from {{ ref('int_triggers') }}),

    recorded as ({{ recorded_firings() }}),

    last_run as ({{ last_engine_run() | indent(4) }}),

    considered as (

        select judgements.*, triggers.burst_minutes
        from judgements
        cross join last_run
        inner join triggers on judgements.trigger_id = triggers.trigger_id
        where
            last_run.as_of is null
            or judgements.moment > {{ add_days_to_moment('last_run.as_of', '-1 - ' ~ var('late_arrival_days')) }}

    ),

    conflicting as ({{ conflicts_with_recorded('considered', 'recorded') | indent(4) }}),

    free_candidates as (

        select
            considered.trigger_id,
            considered.account_id,
            considered.moment,
            considered.cooldown_group,
            considered.cooldown_days,
            considered.priority
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
    {{ firing_id('fired.trigger_id', 'fired.account_id', 'fired.moment') }} as firing_id,
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
