with

    item_lines as (select * from {{ ref('int_billing_item_lines') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    clock as (select * from {{ ref('int_clock') }}),

    ranked as (

        select
            item_lines.*,
            row_number() over (
                partition by item_lines.subscription_item_id, item_lines.period_start
                order by item_lines.invoiced_at desc nulls last, item_lines.invoice_line_id desc
            ) as precedence
        from item_lines
        inner join prices on item_lines.price_id = prices.price_id
        cross join clock
        where item_lines.amount > 0 and item_lines.period_start <= clock.as_of

    )

select
    subscription_item_id,
    period_start as changed_at,
    invoice_line_id,
    subscription_id,
    account_id,
    price_id,
    currency,
    amount,
    quantity,
    period_end,
    row_number() over (partition by subscription_item_id order by period_start desc) as newness
from ranked
where precedence = 1
