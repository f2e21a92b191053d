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

    recorded as (select * from {{ ref('fct_fired_triggers') }}),

    -- What would fire on its own, and was not recorded.
    unrecorded as (

        select judgements.*
        from judgements
        inner join todays_firings on judgements.firing_id = todays_firings.firing_id
        left join recorded on judgements.firing_id = recorded.firing_id
        where recorded.firing_id is null

    ),

    conflicting as ({{ conflicts_with_recorded('unrecorded', 'recorded') | indent(4) }}),

    stopped as (

        select
            judgements.*,
            coalesce(judgements.reason_type, 'cooldown') as stopped_by,
            coalesce(judgements.reason, 'cooldown') as stopped_because
        from judgements
        left join todays_firings on judgements.firing_id = todays_firings.firing_id
        left join recorded on judgements.firing_id = recorded.firing_id
        left join
            conflicting
            on judgements.trigger_id = conflicting.trigger_id
            and judgements.account_id = conflicting.account_id
            and judgements.moment = conflicting.moment
        where recorded.firing_id is null and (todays_firings.firing_id is null or conflicting.trigger_id is not null)

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
from stopped
group by account_id, trigger_id, episode_triggered_at, is_shadow, stopped_by, stopped_because
