-- The conditions of daily triggers, with the least threshold tried and the step. An equality is not moved; of a
-- between the lower end is. direction is -1 where low values fire.
with

    kinds as (
        {% for signal in signal_catalogue() if signal.kind != 'text' -%}
            select '{{ signal.name }}' as signal, '{{ signal.kind }}' as kind {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

    conditions as (
        select
            triggers.trigger_key,
            triggers.for_days,
            conditions.signal,
            kinds.kind,
            conditions.comparator,
            cast(conditions.threshold as double) as threshold,
            cast(conditions.threshold_high as double) as threshold_high,
            conditions.comparator in ('<', '<=') as is_falling,
            conditions.comparator in ('>=', '<=', 'between', '=') as is_inclusive,
            conditions.comparator <> '=' as is_swept,
            {{ sweep_step('cast(conditions.threshold as double)', 'kinds.kind') }} as step,
            count(*) over (partition by triggers.trigger_key) as n_conditions
        from {{ ref('trigger_conditions') }} as conditions
        inner join {{ ref('int_validation_triggers') }} as triggers on conditions.trigger_id = triggers.trigger_id
        left join kinds on conditions.signal = kinds.signal
        where not triggers.is_event
    )

select
    cast(row_number() over (order by trigger_key, signal, comparator, threshold) as integer) as condition_key,
    trigger_key,
    for_days,
    signal,
    comparator,
    threshold,
    case comparator when 'between' then threshold_high when '=' then threshold end as highest,
    case when is_falling then -1 else 1 end as direction,
    is_inclusive,
    is_swept,
    n_conditions,
    step,
    case
        when not is_swept
        then threshold
        when kind = 'count'
        then greatest(case when comparator in ('>', '<=') then 0 else 1 end, threshold - 4 * step)
        else threshold - 4 * step
    end as least_threshold
from conditions
where kind is not null
