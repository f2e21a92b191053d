-- A condition's nine thresholds side by side, in the direction in which the signal passes more of them as it grows.
with

conditions as (
    select * from {{ ref('int_sweep_conditions') }}
),

thresholds as (
    select * from {{ ref('int_sweep_thresholds') }}
)

select
    conditions.condition_key,
    conditions.trigger_key,
    conditions.signal,
    conditions.direction,
    conditions.is_inclusive,
    conditions.highest,
    conditions.n_conditions,
    {%- for level in range(1, 10) %}
    max(case when thresholds.level = {{ level }} then conditions.direction * thresholds.threshold end) as threshold_{{ level }},
    {%- endfor %}
    max(case when thresholds.is_current then thresholds.level end) as current_level
from conditions
inner join thresholds on conditions.condition_key = thresholds.condition_key
group by
    conditions.condition_key, conditions.trigger_key, conditions.signal, conditions.direction, conditions.is_inclusive,
    conditions.highest, conditions.n_conditions
