with invoices as ({{ vendor_rows('billing', {'stripe': ref('base_stripe__invoice')}) }})

select
    invoice_id,
    customer_id,
    subscription_id,
    status,
    created_at,
    coalesce(status, '') = 'draft' as is_draft,
    coalesce(status, '') not in ('draft', 'void') as is_billed,
    coalesce(finalized_at, created_at) as opened_at,
    coalesce(due_at, finalized_at, created_at) as due_at,
    least(paid_at, voided_at, marked_uncollectible_at) as settled_at,
    -- An end without its time cannot be placed: such an invoice was never open.
    coalesce(status, '') <> 'draft'
    and not (coalesce(status, '') = 'paid' and paid_at is null)
    and not (coalesce(status, '') = 'void' and voided_at is null)
    and not (coalesce(status, '') = 'uncollectible' and marked_uncollectible_at is null) as is_receivable
from invoices
