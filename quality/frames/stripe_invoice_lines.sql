select
    id,
    invoice_id,
    type,
    currency,
    cast(amount as double) as amount,
    cast(quantity as double) as quantity,
    period_start,
    period_end
from {{ source('stripe', 'invoice_line_item') }}
