select account_id, signal_on, count(*) as days
from {{ ref('int_account_billing_daily') }}
group by account_id, signal_on
having count(*) > 1
