-- The published copy of the signals.
select account_id, signal_on {%- for signal in signal_catalogue() %}, {{ signal.name }} {%- endfor %}
from {{ ref('int_account_signals_daily') }}
