-- The value beside the threshold of each condition of a firing, on the judged day.
with

    firings as (select firing_id, trigger_id, account_id, judged_on from {{ ref('int_new_firings') }}),

    conditions as (

        select trigger_id, signal, comparator, threshold, threshold_high from {{ ref('trigger_conditions') }}

    ),

    signals as (

        select signals.*
        from {{ ref('int_account_signals_daily') }} as signals
        inner join
            (select distinct account_id, judged_on from firings) as judged
            on signals.account_id = judged.account_id
            and signals.signal_on = judged.judged_on

    )

{% for signal in numeric_signals() -%}
    select
        firings.firing_id,
        conditions.signal,
        conditions.comparator,
        conditions.threshold,
        conditions.threshold_high,
        cast(signals.{{ signal }} as decimal(38, 6)) as signal_value
    from firings
    inner join conditions on firings.trigger_id = conditions.trigger_id and conditions.signal = '{{ signal }}'
    left join
        signals on firings.account_id = signals.account_id and firings.judged_on = signals.signal_on
        {{ 'union all' if not loop.last }}
{% endfor %}
