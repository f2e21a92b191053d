-- Outcomes that a trigger could have announced: its account in stage and scope at the close of the day before.
-- Beside each, the trigger's last episode start before it, and the last one by another active trigger.
with

    outcomes as (select * from {{ ref('int_validation_outcomes') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    strata as (select * from {{ ref('int_validation_strata') }}),

    starts as (
        select moments.account_key, moments.outcome_at, episodes.trigger_key, episodes.triggered_at
        from (select distinct account_key, outcome_at from outcomes) as moments
        inner join
            {{ ref('int_validation_episodes') }} as episodes
            on moments.account_key = episodes.account_key
            and moments.outcome_at > episodes.triggered_at
            and moments.outcome_at <= episodes.next_triggered_at
    ),

    ranked as (
        select
            starts.*,
            row_number() over (
                partition by starts.account_key, starts.outcome_at order by starts.triggered_at desc, starts.trigger_key
            ) as recency
        from starts
        inner join triggers on starts.trigger_key = triggers.trigger_key
        where triggers.is_active
    ),

    newest as (
        select
            account_key,
            outcome_at,
            max(case when recency = 1 then trigger_key end) as newest_trigger_key,
            max(case when recency = 1 then triggered_at end) as newest_at,
            max(case when recency = 2 then triggered_at end) as second_newest_at
        from ranked
        where recency <= 2
        group by account_key, outcome_at
    )

select
    outcomes.trigger_key,
    outcomes.account_key,
    outcomes.outcome_at,
    outcomes.n_outcomes,
    outcomes.arr_delta,
    days.stratum_key,
    cast(triggers.first_observed_on as timestamp) as observed_from,
    starts.triggered_at as own_start_at,
    case
        when newest.newest_trigger_key = outcomes.trigger_key then newest.second_newest_at else newest.newest_at
    end as other_start_at
from outcomes
inner join triggers on outcomes.trigger_key = triggers.trigger_key
inner join
    {{ ref('int_validation_days') }} as days
    on outcomes.account_key = days.account_key
    and {{ add_days('cast(outcomes.outcome_at as date)', -1) }} = days.signal_on
inner join strata on days.stratum_key = strata.stratum_key
left join
    starts
    on outcomes.trigger_key = starts.trigger_key
    and outcomes.account_key = starts.account_key
    and outcomes.outcome_at = starts.outcome_at
left join newest on outcomes.account_key = newest.account_key and outcomes.outcome_at = newest.outcome_at
where
    (days.is_in_stage or not triggers.requires_stage)
    and {{ in_list('strata.tier', 'triggers.tiers') }}
    and {{ in_list('strata.segment', 'triggers.segments') }}
    and (triggers.min_contract_value is null or days.contract_value >= triggers.min_contract_value)
