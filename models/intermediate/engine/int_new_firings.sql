{{ config(pre_hook="{{ stop_before_recorded_moments() }}") }}

-- depends_on: {{ ref('int_clock') }}
-- The firings that this build adds. The first build walks all of history; a later one looks at the moments since the
-- last build, and so far back that late events are seen, and adds what no recorded firing conflicts with.
with

judgements as (

    select * from {{ ref('int_candidate_judgements') }} where reason is null

),

triggers as (

    select trigger_id, burst_minutes from {{ ref('int_triggers') }}

),

recorded as (

    {{ recorded_firings() | indent(4) }}

),

last_run as (

    {{ last_engine_run() | indent(4) }}

),

considered as (

    select judgements.*, triggers.burst_minutes
    from judgements
    cross join last_run
    inner join triggers on judgements.trigger_id = triggers.trigger_id
    where
        last_run.as_of is null
        or judgements.moment > {{ add_days_to_moment('last_run.as_of', -1 - var('late_arrival_days')) }}

),

-- In either direction: a recorded firing inside the candidate's cooldown, or the candidate inside a recorded one's.
conflicting as (

    select distinct considered.trigger_id, considered.account_id, considered.moment, considered.cooldown_group
    from considered
    inner join recorded
        on
            considered.account_id = recorded.account_id
            and considered.cooldown_group = recorded.cooldown_group
            and (
                (
                    recorded.triggered_at > {{ add_days_to_moment('considered.moment', '-considered.cooldown_days') }}
                    and recorded.triggered_at <= considered.moment
                )
                or (
                    considered.moment > {{ add_days_to_moment('recorded.triggered_at', '-recorded.cooldown_days') }}
                    and considered.moment <= recorded.triggered_at
                )
                or (
                    considered.kind = 'event'
                    and considered.trigger_id = recorded.trigger_id
                    and considered.moment <= {{ add_minutes('recorded.triggered_at', 'considered.burst_minutes') }}
                    and recorded.triggered_at <= {{ add_minutes('considered.moment', 'considered.burst_minutes') }}
                )
            )

),

free_candidates as (

    select
        considered.trigger_id,
        considered.account_id,
        considered.moment,
        considered.cooldown_group,
        considered.cooldown_days,
        considered.priority
    from considered
    left join conflicting
        on
            considered.trigger_id = conflicting.trigger_id
            and considered.account_id = conflicting.account_id
            and considered.moment = conflicting.moment
            and considered.cooldown_group = conflicting.cooldown_group
    where conflicting.trigger_id is null

),

fired as (

    {{ walk_cooldown('free_candidates') | indent(4) }}

)

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
inner join considered
    on
        fired.trigger_id = considered.trigger_id
        and fired.account_id = considered.account_id
        and fired.moment = considered.moment
