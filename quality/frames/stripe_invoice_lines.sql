select
    id,
    invoice_id,
    type,
    currency,
    cast(amount as double) as amount,
    cast(quantity as double) as quantity,
    period_start,
    period_end
from raw_stripe.invoice_line_item
