-- The published copy of the signals.
select
    account_id, signal_on, tier, segment, {% for signal in numeric_signals() -%} {{ signal }}, {% endfor -%} health_band
from {{ ref('int_account_signals_daily') }}
