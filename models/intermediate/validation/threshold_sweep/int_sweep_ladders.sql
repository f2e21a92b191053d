-- A condition's thresholds as one ladder that the signal climbs: its lowest rung, the step, and the rung in force.
with

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    thresholds as (select * from {{ ref('int_sweep_thresholds') }})

select
    conditions.condition_key,
    conditions.trigger_key,
    conditions.signal,
    conditions.direction,
    conditions.is_inclusive,
    conditions.highest,
    conditions.n_conditions,
    case when conditions.is_swept then conditions.step else 1.0e0 end as step,
    max(case when thresholds.level = 1 then conditions.direction * thresholds.threshold end) as lowest_rung,
    max(case when thresholds.is_current then thresholds.level end) as current_level
from conditions
inner join thresholds on conditions.condition_key = thresholds.condition_key
group by
    conditions.condition_key,
    conditions.trigger_key,
    conditions.signal,
    conditions.direction,
    conditions.is_inclusive,
    conditions.highest,
    conditions.n_conditions,
    conditions.is_swept,
    conditions.step
