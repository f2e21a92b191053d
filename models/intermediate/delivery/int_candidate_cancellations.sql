-- What would be cancelled, and what was, on the look when it falls due: told to nobody, it releases its cooldown then.
-- Facts alone decide it, so that it is known before the cooldown is walked. What has been delivered told somebody.
with

    candidates as (select * from {{ ref('int_free_candidates') }}),

    times as (select firing_id, deliver_at from {{ ref('int_candidate_times') }}),

    recorded as ({{ recorded_firings() }}),

    deliveries as (select firing_id from {{ ref('stg_push__deliveries') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    scheduled as (

        select firing_id, trigger_id, account_id, fired_at, deliver_at
        from recorded

        union all

        select candidates.firing_id, candidates.trigger_id, candidates.account_id, candidates.moment, times.deliver_at
        from candidates
        inner join times on candidates.firing_id = times.firing_id
        left join recorded on candidates.firing_id = recorded.firing_id
        where recorded.firing_id is null

    ),

    looks as (

        select
            scheduled.firing_id,
            scheduled.trigger_id,
            scheduled.account_id,
            scheduled.fired_at,
            scheduled.deliver_at as look_at
        from scheduled
        inner join clock on scheduled.deliver_at <= clock.as_of
        left join deliveries on scheduled.firing_id = deliveries.firing_id
        where deliveries.firing_id is null

    ),

    stopped as ({{ stopped_looks('looks') | indent(4) }})

select looks.firing_id, stopped.stopped_because as cancelled_because, looks.look_at as released_at
from stopped
inner join looks on stopped.firing_id = looks.firing_id
