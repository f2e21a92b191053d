-- A condition's thresholds as one range in the direction that fires: the loosest, the step between two, and the rank
-- of the one in force.
with

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    thresholds as (
        select
            condition_key,
            max(case when threshold_rank = 1 then threshold end) as loosest_threshold,
            max(case when is_current then threshold_rank end) as current_threshold_rank
        from {{ ref('int_sweep_thresholds') }}
        group by condition_key
    )

select
    conditions.condition_key,
    conditions.trigger_key,
    conditions.signal,
    conditions.direction,
    conditions.is_inclusive,
    conditions.highest,
    conditions.n_conditions,
    case when conditions.is_swept then conditions.step else 1.0e0 end as step,
    conditions.direction * thresholds.loosest_threshold as loosest_threshold,
    thresholds.current_threshold_rank
from conditions
inner join thresholds on conditions.condition_key = thresholds.condition_key
