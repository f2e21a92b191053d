-- What firings acted on promise for the month after a period: those with an open window and no claimed expansion
-- yet, by the trigger's precision and the mean gain of its successful index events. An account's several firings of
-- one trigger are one: precision is counted per washed-out index event.
with

    clock as (select * from {{ ref('int_clock') }}),

    -- What was known at a month's end speaks about the month after.
    periods as (
        select *, cast({{ dbt.dateadd('month', 1, 'known_at') }} as timestamp) as month_until
        from {{ ref('int_validation_periods') }}
        where not is_whole
    ),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    outcomes as (select * from {{ ref('int_validation_outcomes') }}),

    open_firings as (
        select periods.period_key, firings.trigger_key, count(distinct firings.account_key) as open_firings
        from {{ ref('int_validation_firings') }} as firings
        inner join triggers on firings.trigger_key = triggers.trigger_key
        inner join
            periods
            on firings.triggered_at < periods.known_at
            and {{ move_by_days('firings.triggered_at', 'triggers.primary_window_days') }} > periods.known_at
        left join
            outcomes
            on firings.trigger_key = outcomes.trigger_key
            and firings.account_key = outcomes.account_key
            and firings.triggered_at >= outcomes.previous_outcome_at
            and firings.triggered_at < outcomes.outcome_at
        where firings.is_acted_on and (outcomes.outcome_at is null or outcomes.outcome_at > periods.known_at)
        group by periods.period_key, firings.trigger_key
    ),

    event_gains as (
        select events.trigger_key, events.triggered_at, events.window_ends_at, sum(outcomes.arr_delta) as arr_gain
        from {{ ref('int_index_events') }} as events
        inner join
            outcomes
            on events.trigger_key = outcomes.trigger_key
            and events.account_key = outcomes.account_key
            and events.triggered_at < outcomes.outcome_at
            and events.window_ends_at >= outcomes.outcome_at
        where events.is_primary and events.is_complete and events.has_outcome
        group by events.trigger_key, events.account_key, events.triggered_at, events.window_ends_at
    ),

    gains as (
        select periods.period_key, event_gains.trigger_key, avg(event_gains.arr_gain) as mean_arr_gain
        from event_gains
        inner join
            periods on event_gains.triggered_at > periods.known_after and event_gains.window_ends_at <= periods.known_at
        group by periods.period_key, event_gains.trigger_key
    ),

    actuals as (
        select periods.period_key, expansions.trigger_key, sum(expansions.arr_delta) as arr
        from {{ ref('int_attributed_expansions') }} as expansions
        inner join
            periods on expansions.expanded_at >= periods.known_at and expansions.expanded_at < periods.month_until
        group by periods.period_key, expansions.trigger_key
    )

select
    cast(periods.known_at as date) as month,
    triggers.trigger_id,
    coalesce(open_firings.open_firings, 0) as open_firings,
    measures.precision,
    gains.mean_arr_gain,
    case
        when open_firings.open_firings is null
        then {{ round_money('0') }}
        else {{ round_money('open_firings.open_firings * measures.precision * coalesce(gains.mean_arr_gain, 0)') }}
    end as expected_arr,
    case when periods.month_until <= clock.as_of then {{ round_money('coalesce(actuals.arr, 0)') }} end as actual_arr
from periods
cross join triggers
cross join clock
left join
    open_firings on periods.period_key = open_firings.period_key and triggers.trigger_key = open_firings.trigger_key
left join
    {{ ref('int_scorecard_measures') }} as measures
    on periods.period_key = measures.period_key
    and triggers.trigger_key = measures.trigger_key
left join gains on periods.period_key = gains.period_key and triggers.trigger_key = gains.trigger_key
left join actuals on periods.period_key = actuals.period_key and triggers.trigger_key = actuals.trigger_key
where triggers.is_active and not triggers.is_risk
