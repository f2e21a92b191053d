{{ config(materialized='view') }}

-- The signals, as readers know them.
select account_id, signal_on {%- for signal in signal_catalogue() %}, {{ signal.name }} {%- endfor %}
from {{ ref('int_account_signals_daily') }}
