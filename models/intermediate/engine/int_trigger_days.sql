-- The days on which all conditions of a trigger hold together. A scan a signal, so that the wide table is never
-- unpivoted
-- whole.
with

    signals as (select * from {{ ref('int_account_signals_daily') }}),

    conditions as (

        select
            conditions.trigger_id,
            conditions.signal,
            conditions.comparator,
            conditions.threshold,
            conditions.threshold_high,
            triggers.conditions
        from {{ ref('trigger_conditions') }} as conditions
        inner join {{ ref('int_triggers') }} as triggers on conditions.trigger_id = triggers.trigger_id

    ),

    condition_days as (

        {% for signal in numeric_signals() -%}
            select conditions.trigger_id, conditions.conditions, signals.account_id, signals.signal_on
            from signals
            inner join conditions on conditions.signal = '{{ signal }}'
            where {{ meets_condition('signals.' ~ signal) }} {{ 'union all' if not loop.last }}
        {% endfor %}

    )

select trigger_id, account_id, signal_on
from condition_days
group by trigger_id, account_id, signal_on, conditions
having count(*) = conditions
