-- Index events of every threshold, by the same rules as the trigger's own, in the part that they fall in whole.
with

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    episodes as (
        select conditions.trigger_key, episodes.*, {{ day_close('episodes.started_on') }} as triggered_at
        from {{ ref('int_sweep_episodes') }} as episodes
        inner join conditions on episodes.condition_key = conditions.condition_key
    ),

    splits as (select * from {{ ref('int_sweep_splits') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    strata as (select * from {{ ref('int_validation_strata') }}),

    events as (
        select
            episodes.condition_key,
            episodes.threshold_rank,
            case
                when {{ move_by_days('episodes.triggered_at', 'splits.window_days') }} <= splits.split_at
                then 'train'
                when
                    episodes.triggered_at >= splits.split_at
                    and {{ move_by_days('episodes.triggered_at', 'splits.window_days') }} <= splits.as_of
                then 'test'
            end as part,
            outcomes.outcome_at <= {{ move_by_days('episodes.triggered_at', 'splits.window_days') }} as has_outcome
        from episodes
        inner join splits on episodes.trigger_key = splits.trigger_key
        inner join triggers on episodes.trigger_key = triggers.trigger_key
        inner join
            {{ ref('int_validation_days') }} as days
            on episodes.account_key = days.account_key
            and episodes.started_on = days.signal_on
        inner join strata on days.stratum_key = strata.stratum_key
        left join
            {{ ref('int_validation_outcomes') }} as outcomes
            on episodes.trigger_key = outcomes.trigger_key
            and episodes.account_key = outcomes.account_key
            and episodes.triggered_at >= outcomes.previous_outcome_at
            and episodes.triggered_at < outcomes.outcome_at
        where
            (
                episodes.ended_before_on is null
                or {{ days_between('episodes.ended_before_on', 'episodes.started_on') }} >= splits.window_days
            )
            and {{ days_between('splits.first_observed_on', 'episodes.started_on') }} >= triggers.for_days
            and (days.is_in_stage or not triggers.requires_stage)
            and {{ in_list('strata.tier', 'triggers.tiers') }}
            and {{ in_list('strata.segment', 'triggers.segments') }}
            and (triggers.min_contract_value is null or days.contract_value >= triggers.min_contract_value)
    )

select
    condition_key, threshold_rank, part, count(*) as volume, sum(case when has_outcome then 1 else 0 end) as n_expanded
from events
where part is not null
group by condition_key, threshold_rank, part
