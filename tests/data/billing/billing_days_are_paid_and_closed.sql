select daily.account_id, daily.signal_on
from {{ ref('int_account_billing_daily') }} as daily
cross join {{ ref('int_clock') }} as clock
where
    daily.signal_on > clock.last_closed_on
    or daily.mrr is null
    or not daily.mrr > 0
    or daily.first_paid_on > daily.signal_on
    or daily.tenure_days is distinct from {{ days_between('daily.first_paid_on', 'daily.signal_on') }}
