-- Complete index events, once for every cell that they count in. Months have one cohort, all, as stratum 0.
with

events as (
    select * from {{ ref('int_index_events') }}
    where is_complete
),

sets as (
    select * from {{ ref('int_risk_sets') }}
),

cells as (
    select * from {{ ref('int_lift_cells') }}
    where basis <> 'within'
)

select
    cells.cell_key,
    sets.set_key,
    events.stratum_key,
    case when cells.is_whole then events.stratum_key else 0 end as cohort_stratum_key,
    events.account_key,
    case when events.has_outcome then 1 else 0 end as expanded
from events
inner join sets
    on events.trigger_key = sets.trigger_key
    and events.window_days = sets.window_days
    and events.moment_on = sets.moment_on
    and events.stratum_key = sets.stratum_key
inner join cells
    on events.trigger_key = cells.trigger_key
    and events.window_days = cells.window_days
    and events.triggered_at > cells.known_from
    and events.window_ends_at <= cells.known_at
where cells.basis = 'all'
    or (cells.basis = 'alone' and events.is_alone)
    or (
        cells.basis = 'untouched'
        and not events.is_after_delivery
        and (events.touched_at is null or events.touched_at > cells.known_at)
    )
