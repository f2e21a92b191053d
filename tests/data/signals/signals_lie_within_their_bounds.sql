-- No value is below the least or above the greatest that the catalogue gives its signal.
select *
from {{ ref('int_account_signals_daily') }}
where
    false
    {%- for signal in signal_catalogue() if signal.kind != 'text' %}
        {%- if signal.low is not none %} or {{ signal.name }} < {{ signal.low }} {%- endif %}
        {%- if signal.high is not none %} or {{ signal.name }} > {{ signal.high }} {%- endif %}
    {%- endfor %}
