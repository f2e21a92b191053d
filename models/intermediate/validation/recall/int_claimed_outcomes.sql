-- Outcomes that a trigger could have announced: its account in stage and scope at the close of the day before.
with

    outcomes as (select * from {{ ref('int_validation_outcomes') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    strata as (select * from {{ ref('int_validation_strata') }}),

    starts as (select * from {{ ref('int_recall_starts') }})

select
    outcomes.trigger_key,
    outcomes.account_key,
    outcomes.outcome_at,
    outcomes.n_outcomes,
    outcomes.arr_delta,
    days.stratum_key,
    cast(triggers.observed_from as timestamp) as observed_from,
    starts.own_start_at,
    starts.other_start_at
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
where
    (days.is_in_stage or not triggers.requires_stage)
    and {{ in_list('strata.tier', 'triggers.tiers') }}
    and {{ in_list('strata.segment', 'triggers.segments') }}
    and (triggers.min_contract_value is null or days.contract_value >= triggers.min_contract_value)
