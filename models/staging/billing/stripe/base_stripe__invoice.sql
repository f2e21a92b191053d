with invoices as (select * from {{ source('stripe', 'invoice') }})

select
    id as invoice_id,
    customer_id,
    subscription_id,
    status,
    coalesce(created, {{ adapter.quote('date') }}) as created_at,
    coalesce(status_transitions_finalized_at, finalized_at) as finalized_at,
    due_date as due_at,
    status_transitions_paid_at as paid_at,
    status_transitions_voided_at as voided_at,
    status_transitions_marked_uncollectible_at as marked_uncollectible_at
from invoices
where coalesce(livemode, true) and not coalesce(is_deleted, false)
