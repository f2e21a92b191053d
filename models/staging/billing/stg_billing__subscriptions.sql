with subscriptions as ({{ vendor_rows('billing', {'stripe': ref('base_stripe__subscription')}) }})

select
    subscription_id,
    customer_id,
    status,
    coalesce(lower(status), '') in ('incomplete', 'incomplete_expired') as is_never_paid,
    -- A backdated one names earlier periods; nobody knew of them.
    greatest(coalesce(active_at, created_at), coalesce(created_at, active_at)) as known_from,
    period_end,
    ended_at
from subscriptions
