-- Complete index events, once for every period and basis that they count in.
with

events as (
    select * from {{ ref('int_index_events') }}
    where is_complete
),

sets as (
    select * from {{ ref('int_risk_sets') }}
),

periods as (
    select * from {{ ref('int_validation_periods') }}
),

bases as (
    select 'all' as basis
    union all
    select 'untouched' as basis
    union all
    select 'alone' as basis
)

select
    periods.period_key,
    bases.basis,
    sets.set_key,
    events.trigger_key,
    events.window_days,
    events.stratum_key,
    events.account_key,
    events.has_outcome
from events
inner join sets
    on events.trigger_key = sets.trigger_key
    and events.window_days = sets.window_days
    and events.moment_on = sets.moment_on
    and events.stratum_key = sets.stratum_key
inner join periods
    on events.triggered_at > periods.known_from
    and events.window_ends_at <= periods.known_at
cross join bases
where (periods.is_whole or events.is_primary)
    and (bases.basis <> 'alone' or events.is_alone)
    and (
        bases.basis <> 'untouched'
        or (not events.is_after_delivery and (events.touched_at is null or events.touched_at > periods.known_at))
    )
