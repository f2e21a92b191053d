with

    scores as (select * from {{ ref('int_sweep_scores') }}),

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }})

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
    scores.is_recommended
from scores
inner join conditions on scores.condition_key = conditions.condition_key
inner join triggers on scores.trigger_key = triggers.trigger_key
