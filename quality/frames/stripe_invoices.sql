select
    id,
    customer_id,
    status,
    created,
    status_transitions_finalized_at as finalized_at,
    status_transitions_paid_at as paid_at
from {{ source('stripe', 'invoice') }}
