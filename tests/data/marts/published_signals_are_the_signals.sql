-- The published copy has every row once, and no other.
select
    coalesce(published.account_id, signals.account_id) as account_id,
    coalesce(published.signal_on, signals.signal_on) as signal_on
from {{ ref('fct_account_signals_daily') }} as published
full outer join
    {{ ref('int_account_signals_daily') }} as signals
    on published.account_id = signals.account_id
    and published.signal_on = signals.signal_on
where published.account_id is null or signals.account_id is null
