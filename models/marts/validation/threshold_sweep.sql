with

    scores as (select * from {{ ref('int_sweep_scores') }}),

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    recommendations as (select * from {{ ref('int_sweep_recommendations') }})

select
    triggers.trigger_id,
    conditions.signal,
    conditions.comparator,
    scores.threshold,
    scores.part,
    scores.volume,
    scores.n_expanded,
    scores.precision,
    scores.precision_low,
    scores.precision_high,
    scores.control_rate,
    scores.recall,
    scores.f1,
    scores.f0_5,
    scores.is_current,
    recommendations.condition_key is not null as is_recommended
from scores
inner join conditions on scores.condition_key = conditions.condition_key
inner join triggers on scores.trigger_key = triggers.trigger_key
left join
    recommendations on scores.condition_key = recommendations.condition_key and scores.level = recommendations.level
