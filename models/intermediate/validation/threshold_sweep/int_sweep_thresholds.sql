-- Nine thresholds a condition, rank 1 the loosest.
with

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    numbers as (
        {% for number in range(1, 10) -%}select {{ number }} as number{{ ' union all' if not loop.last }} {% endfor %}
    ),

    thresholds as (
        select
            conditions.condition_key,
            conditions.trigger_key,
            case when conditions.direction = 1 then numbers.number else 10 - numbers.number end as threshold_rank,
            cast(
                round(
                    cast(conditions.least_threshold + (numbers.number - 1) * conditions.step as decimal(28, 10)), 6
                ) as double
            ) as threshold,
            conditions.threshold as current_threshold
        from conditions
        inner join
            numbers on conditions.is_swept or numbers.number = case when conditions.direction = 1 then 1 else 9 end
    )

select condition_key, trigger_key, threshold_rank, threshold, abs(threshold - current_threshold) < 1e-9 as is_current
from thresholds
