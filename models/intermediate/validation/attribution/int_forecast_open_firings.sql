-- Firings acted on whose window was open at a month's end, without a claimed expansion by then. An account's several
-- firings
-- of one trigger are one: precision is counted per washed-out index event.
with

    periods as (select * from {{ ref('int_validation_periods') }} where not is_whole),

    firings as (
        select
            firings.trigger_key,
            firings.account_key,
            firings.triggered_at,
            {{ move_by_days('firings.triggered_at', 'triggers.primary_window_days') }} as window_ends_at,
            outcomes.outcome_at
        from {{ ref('int_validation_firings') }} as firings
        inner join {{ ref('int_validation_triggers') }} as triggers on firings.trigger_key = triggers.trigger_key
        left join
            {{ ref('int_validation_outcomes') }} as outcomes
            on firings.trigger_key = outcomes.trigger_key
            and firings.account_key = outcomes.account_key
            and firings.triggered_at >= outcomes.previous_outcome_at
            and firings.triggered_at < outcomes.outcome_at
        where firings.is_acted_on
    )

select periods.period_key, firings.trigger_key, count(distinct firings.account_key) as open_firings
from periods
inner join
    firings
    on firings.triggered_at < periods.known_at
    and firings.window_ends_at > periods.known_at
    and (firings.outcome_at is null or firings.outcome_at > periods.known_at)
group by periods.period_key, firings.trigger_key
