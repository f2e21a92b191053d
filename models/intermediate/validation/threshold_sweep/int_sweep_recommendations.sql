-- The threshold to recommend: the best F0.5 on the train part among those whose precision surely exceeds the control
-- rate.
with

    scores as (select * from {{ ref('int_sweep_scores') }}),

    currents as (select condition_key, max(level) as current_level from scores where is_current group by condition_key),

    ranked as (
        select
            scores.condition_key,
            scores.level,
            row_number() over (
                partition by scores.condition_key
                order by scores.f0_5 desc, abs(scores.level - currents.current_level), scores.level
            ) as recommendation_rank
        from scores
        inner join currents on scores.condition_key = currents.condition_key
        where scores.part = 'train' and scores.f0_5 is not null and scores.precision_low > scores.control_rate
    )

select condition_key, level
from ranked
where recommendation_rank = 1
