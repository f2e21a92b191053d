-- What the council decided, what was known of the trigger at the last month's end before, and what has come since.
with

    decisions as (select * from {{ ref('council_decisions') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    measures as (
        select
            measures.trigger_key,
            verdicts.verdict,
            measures.precision,
            measures.all_ratio,
            cast(periods.known_at as date) as known_on
        from {{ ref('int_scorecard_measures') }} as measures
        inner join {{ ref('int_validation_periods') }} as periods on measures.period_key = periods.period_key
        inner join
            {{ ref('int_verdicts') }} as verdicts
            on measures.period_key = verdicts.period_key
            and measures.trigger_key = verdicts.trigger_key
        where not periods.is_whole
    ),

    placed as (
        select decisions.*, triggers.trigger_key, cast(decisions.decided_on as timestamp) as decided_at
        from decisions
        left join triggers on decisions.trigger_id = triggers.trigger_id
    ),

    known as (
        select placed.trigger_key, placed.decided_on, max(measures.known_on) as known_on
        from placed
        inner join measures on placed.trigger_key = measures.trigger_key and placed.decided_on >= measures.known_on
        group by placed.trigger_key, placed.decided_on
    ),

    events as (
        select
            placed.trigger_key,
            placed.decided_on,
            sum(case when events.is_complete then 1 else 0 end) as n_index,
            sum(case when events.is_complete and events.has_outcome then 1 else 0 end) as n_index_expanded,
            sum(case when events.is_complete then 0 else 1 end) as n_open
        from (select distinct trigger_key, decided_on, decided_at from placed) as placed
        inner join
            {{ ref('int_index_events') }} as events
            on placed.trigger_key = events.trigger_key
            and events.triggered_at >= placed.decided_at
        where events.is_primary
        group by placed.trigger_key, placed.decided_on
    ),

    deliveries as (
        select placed.trigger_key, placed.decided_on, count(*) as delivered
        from (select distinct trigger_key, decided_on, decided_at from placed) as placed
        inner join
            {{ ref('int_validation_firings') }} as firings
            on placed.trigger_key = firings.trigger_key
            and firings.delivered_at >= placed.decided_at
        where firings.is_acted_on
        group by placed.trigger_key, placed.decided_on
    )

select
    placed.decided_on,
    placed.trigger_id,
    placed.decision,
    placed.from_version,
    placed.to_version,
    placed.reason,
    measures.verdict as verdict_before,
    measures.all_ratio as predicted_ratio,
    measures.precision as predicted_precision,
    cast(coalesce(events.n_index, 0) as bigint) as n_index,
    cast(coalesce(events.n_open, 0) as bigint) as n_open,
    {{ share('events.n_index_expanded', 'events.n_index') }} as observed_precision,
    {{ wilson_low('events.n_index_expanded', 'events.n_index') }} as observed_precision_low,
    {{ wilson_high('events.n_index_expanded', 'events.n_index') }} as observed_precision_high,
    cast(coalesce(deliveries.delivered, 0) as bigint) as delivered,
    case
        when placed.trigger_key is null
        then 'retired: nothing is observed any more'
        when events.n_index is null
        then 'no index event since'
        when events.n_index = 0
        then 'every window since is still open'
        when measures.trigger_key is null
        then 'decided before the first month was known'
    end as note
from placed
left join known on placed.trigger_key = known.trigger_key and placed.decided_on = known.decided_on
left join measures on known.trigger_key = measures.trigger_key and known.known_on = measures.known_on
left join events on placed.trigger_key = events.trigger_key and placed.decided_on = events.decided_on
left join deliveries on placed.trigger_key = deliveries.trigger_key and placed.decided_on = deliveries.decided_on
