-- Every candidate that did not fire, with the first thing that stopped it, once an episode and reason.
with

judgements as (

    select
        *,
        {{ firing_id('trigger_id', 'account_id', 'moment') }} as firing_id
    from {{ ref('int_candidate_judgements') }}

),

todays_firings as (

    select * from {{ ref('int_firings_by_todays_rules') }}

),

recorded as (

    select * from {{ ref('fct_fired_triggers') }}

),

-- What would fire on its own but stands in the cooldown of a recorded firing.
conflicting as (

    select distinct todays_firings.firing_id
    from todays_firings
    inner join judgements on todays_firings.firing_id = judgements.firing_id
    inner join recorded
        on
            judgements.account_id = recorded.account_id
            and judgements.cooldown_group = recorded.cooldown_group
            and recorded.triggered_at <= {{ add_days_to_moment('judgements.moment', 'recorded.cooldown_days') }}
            and recorded.triggered_at >= {{ add_days_to_moment('judgements.moment', '-judgements.cooldown_days') }}

),

stopped as (

    select
        judgements.*,
        coalesce(judgements.reason_type, 'cooldown') as stopped_by,
        coalesce(judgements.reason, 'cooldown') as stopped_because
    from judgements
    left join todays_firings on judgements.firing_id = todays_firings.firing_id
    left join recorded on judgements.firing_id = recorded.firing_id
    left join conflicting on judgements.firing_id = conflicting.firing_id
    where
        recorded.firing_id is null
        and (todays_firings.firing_id is null or conflicting.firing_id is not null)

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
