with

signals as (
    select * from {{ ref('int_account_signals_daily') }}
),

firsts as (
    select
        {%- for signal in swept_signals() %}
        min(case when {{ signal }} is not null then signal_on end) as {{ signal }}{{ ',' if not loop.last }}
        {%- endfor %}
    from signals
)

{% for signal in swept_signals() -%}
select
    '{{ signal }}' as signal,
    {{ signal }} as observed_from
from firsts
{{ 'union all' if not loop.last }}
{% endfor %}
