with invoice_lines as ({{ vendor_rows('billing', {'stripe': ref('base_stripe__invoice_line_item')}) }})

select
    invoice_line_id,
    invoice_id,
    subscription_id,
    subscription_item_id,
    price_id,
    currency,
    amount,
    minor_unit,
    quantity,
    includes_tax,
    is_subscription_line,
    is_proration,
    period_start,
    period_end
from invoice_lines
