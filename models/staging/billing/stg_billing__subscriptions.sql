with subscriptions as ({{ vendor_rows('billing', {'stripe': ref('base_stripe__subscription')}) }})

select subscription_id, customer_id, status, created_at, period_end, ended_at
from subscriptions
