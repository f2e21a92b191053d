-- What an index event with the outcome gained a year within its window; primary windows.
with

    events as (select * from {{ ref('int_index_events') }} where is_primary and is_complete and has_outcome),

    outcomes as (select * from {{ ref('int_validation_outcomes') }})

select
    events.trigger_key,
    events.account_key,
    events.triggered_at,
    events.window_ends_at,
    sum(outcomes.arr_delta) as arr_gain
from events
inner join
    outcomes
    on events.trigger_key = outcomes.trigger_key
    and events.account_key = outcomes.account_key
    and events.triggered_at < outcomes.outcome_at
    and events.window_ends_at >= outcomes.outcome_at
group by events.trigger_key, events.account_key, events.triggered_at, events.window_ends_at
