-- The days on which a condition holds, and nothing else: a scan a signal, so that the wide table is never unpivoted
-- whole.
with

    signals as (select * from {{ ref('int_account_signals_daily') }}),

    conditions as (

        select
            conditions.trigger_id,
            conditions.signal,
            conditions.comparator,
            conditions.threshold,
            conditions.threshold_high
        from {{ ref('trigger_conditions') }} as conditions
        inner join {{ ref('int_triggers') }} as triggers on conditions.trigger_id = triggers.trigger_id

    )

{% for signal in numeric_signals() -%}
    select conditions.trigger_id, signals.account_id, signals.signal_on, conditions.signal
    from signals
    inner join conditions on conditions.signal = '{{ signal }}'
    where {{ meets_condition('signals.' ~ signal) }} {{ 'union all' if not loop.last }}
{% endfor %}
