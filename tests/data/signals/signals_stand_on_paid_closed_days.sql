-- A row for every paid day and for no other, none later than the last closed day.
select
    coalesce(signals.account_id, billing.account_id) as account_id,
    coalesce(signals.signal_on, billing.signal_on) as signal_on
from {{ ref('int_account_signals_daily') }} as signals
full outer join
    {{ ref('int_account_billing_daily') }} as billing
    on signals.account_id = billing.account_id
    and signals.signal_on = billing.signal_on
cross join {{ ref('int_clock') }} as clock
where signals.account_id is null or billing.account_id is null or signals.signal_on > clock.last_closed_on
