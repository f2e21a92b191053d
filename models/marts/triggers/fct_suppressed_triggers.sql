-- Every candidate that did not fire, with the first thing that stopped it, once an episode and reason.
with

    judgements as (

        select
            judged.*,
            triggers.burst_minutes,
            {{ firing_id('judged.trigger_id', 'judged.account_id', 'judged.moment') }} as firing_id
        from {{ ref('int_candidate_judgements') }} as judged
        inner join {{ ref('int_triggers') }} as triggers on judged.trigger_id = triggers.trigger_id

    ),

    todays_firings as (select * from {{ ref('int_firings_by_todays_rules') }}),

    cancellations as (select firing_id, released_at from {{ ref('int_candidate_cancellations') }}),

    recorded as ({{ recorded_by_survivor(ref('int_firings')) | indent(4) }}),

    -- What would fire on its own, and was not recorded.
    unrecorded as (

        select judgements.*, cancellations.released_at
        from judgements
        inner join todays_firings on judgements.firing_id = todays_firings.firing_id
        left join recorded on judgements.firing_id = recorded.firing_id
        left join cancellations on judgements.firing_id = cancellations.firing_id
        where recorded.firing_id is null

    ),

    conflicting as ({{ conflicts_with_recorded('unrecorded', 'recorded') | indent(4) }}),

    stopped as (

        select
            judgements.*,
            -- Today's rules would fire it and nothing recorded forbids it: earlier builds settled its moment without
            -- it.
            todays_firings.firing_id is not null and conflicting.trigger_id is null as is_before_the_last_build
        from judgements
        left join todays_firings on judgements.firing_id = todays_firings.firing_id
        left join recorded on judgements.firing_id = recorded.firing_id
        left join
            conflicting
            on judgements.trigger_id = conflicting.trigger_id
            and judgements.account_id = conflicting.account_id
            and judgements.moment = conflicting.moment
        where recorded.firing_id is null

    ),

    reasoned as (

        select
            *,
            coalesce(reason_type, case when is_before_the_last_build then 'engine' else 'cooldown' end) as stopped_by,
            coalesce(
                reason, case when is_before_the_last_build then 'before_the_last_build' else 'cooldown' end
            ) as stopped_because
        from stopped

    )

select
    account_id,
    trigger_id,
    episode_triggered_at as triggered_at,
    is_shadow,
    stopped_by as reason_type,
    stopped_because as reason,
    min(moment) as first_at,
    max(moment) as last_at,
    count(*) as candidates
from reasoned
group by account_id, trigger_id, episode_triggered_at, is_shadow, stopped_by, stopped_because
