with

    changes as (select * from {{ ref('int_billing_item_changes') }}),

    item_lines as (select * from {{ ref('int_billing_item_lines') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    -- A tiered price shows itself only on whole-period lines. Being catalogue knowledge they count at any time.
    candidates as (

        select
            changes.subscription_item_id,
            changes.changed_at,
            item_lines.amount / nullif(cast(item_lines.quantity as double), 0) as unit_amount,
            row_number() over (
                partition by changes.subscription_item_id, changes.changed_at
                order by
                    case when item_lines.period_start <= changes.changed_at then 0 else 1 end,
                    abs({{ microseconds_between('changes.changed_at', 'item_lines.period_start') }}),
                    item_lines.invoiced_at desc nulls last,
                    item_lines.invoice_line_id desc
            ) as precedence
        from changes
        inner join prices on changes.price_id = prices.price_id
        inner join
            item_lines
            on changes.subscription_item_id = item_lines.subscription_item_id
            and changes.price_id = item_lines.price_id
        where
            prices.unit_amount is null
            and not prices.is_metered
            and not item_lines.is_proration
            and item_lines.amount > 0

    )

select subscription_item_id, changed_at, unit_amount
from candidates
where precedence = 1
