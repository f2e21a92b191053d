-- Claimed outcomes that an episode of every threshold came before, in the part that the whole window before lies in.
with

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    splits as (select * from {{ ref('int_sweep_splits') }}),

    outcomes as (
        select
            claimed.trigger_key,
            claimed.account_key,
            claimed.outcome_at,
            claimed.n_outcomes,
            {{ move_by_days('claimed.outcome_at', '-splits.window_days') }} as window_from,
            case
                when claimed.outcome_at <= splits.split_at
                then 'train'
                when {{ move_by_days('claimed.outcome_at', '-splits.window_days') }} >= splits.split_at
                then 'test'
            end as part
        from {{ ref('int_claimed_outcomes') }} as claimed
        inner join splits on claimed.trigger_key = splits.trigger_key
        where {{ move_by_days('claimed.outcome_at', '-splits.window_days') }} >= claimed.observed_from
    ),

    claimed as (
        select trigger_key, part, sum(n_outcomes) as n_claimed
        from outcomes
        where part is not null
        group by trigger_key, part
    ),

    announced as (
        select distinct
            episodes.condition_key,
            episodes.threshold_rank,
            outcomes.trigger_key,
            outcomes.part,
            outcomes.account_key,
            outcomes.outcome_at,
            outcomes.n_outcomes
        from outcomes
        inner join conditions on outcomes.trigger_key = conditions.trigger_key
        inner join
            {{ ref('int_sweep_episodes') }} as episodes
            on conditions.condition_key = episodes.condition_key
            and outcomes.account_key = episodes.account_key
            and outcomes.outcome_at > {{ day_close('episodes.started_on') }}
            and outcomes.window_from <= {{ day_close('episodes.started_on') }}
        where outcomes.part is not null
    ),

    recalled as (
        select condition_key, threshold_rank, part, sum(n_outcomes) as n_recalled
        from announced
        group by condition_key, threshold_rank, part
    )

select
    thresholds.condition_key,
    thresholds.threshold_rank,
    claimed.part,
    claimed.n_claimed,
    coalesce(recalled.n_recalled, 0) as n_recalled
from {{ ref('int_sweep_thresholds') }} as thresholds
inner join claimed on thresholds.trigger_key = claimed.trigger_key
left join
    recalled
    on thresholds.condition_key = recalled.condition_key
    and thresholds.threshold_rank = recalled.threshold_rank
    and claimed.part = recalled.part
