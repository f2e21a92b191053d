with

    days as (
        select
            signal_on,
            {%- for signal in numeric_signals() %}
                count({{ signal }}) as {{ signal }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_account_signals_daily') }}
        group by signal_on
    ),

    firsts as (
        select
            {%- for signal in numeric_signals() %}
                min(case when {{ signal }} > 0 then signal_on end) as {{ signal }}{{ ',' if not loop.last }}
            {%- endfor %}
        from days
    )

{% for signal in numeric_signals() -%}
    select '{{ signal }}' as signal, {{ signal }} as observed_from from firsts {{ 'union all' if not loop.last }}
{% endfor %}
