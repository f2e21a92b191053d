with invoice_lines as (select * from {{ source('stripe', 'invoice_line_item') }})

select
    id as invoice_line_id,
    invoice_id,
    subscription_id,
    subscription_item_id,
    coalesce(price_id, plan_id) as price_id,
    lower(trim(currency)) as currency,
    cast(amount as double) / {{ minor_units('trim(currency)') }} as amount,
    quantity,
    coalesce(type, '') = 'subscription' as is_subscription_line,
    coalesce(proration, false) as is_proration,
    period_start,
    period_end
from invoice_lines
where coalesce(livemode, true) and id not like 'sub%'
