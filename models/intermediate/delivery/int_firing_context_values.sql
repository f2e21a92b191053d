-- What surrounds a firing on the judged day, as context_signals.csv lists it: each value as the JSON that evidence
-- keeps.
with

    context as (select signal, position from {{ ref('context_signals') }}),

    advanced_features as (select count(*) as advanced_features from {{ ref('features') }} where is_advanced),

    known as (

        select
            firings.firing_id,
            advanced_features.advanced_features,
            {% for signal in text_context() + numeric_signals() -%}
                signals.{{ signal }}{{ ',' if not loop.last }}
            {% endfor %}
        from {{ ref('int_new_firings') }} as firings
        cross join advanced_features
        left join
            {{ ref('int_account_signals_daily') }} as signals
            on firings.account_id = signals.account_id
            and firings.judged_on = signals.signal_on

    ),

    worded as (

        {% for signal in text_context() + numeric_context() -%}
            select
                known.firing_id,
                '{{ signal }}' as signal,
                {{ json_member(signal, 'known.' ~ signal, is_text=signal in text_context()) }} as member
            from known
            inner join context on context.signal = '{{ signal }}' {{ 'union all' if not loop.last }}
        {% endfor %}

    )

select worded.firing_id, worded.signal, context.position, worded.member
from worded
inner join context on worded.signal = context.signal
