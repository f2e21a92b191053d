with

    changes as (select * from {{ ref('int_billing_item_changes') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    item_lines as (select * from {{ ref('int_billing_item_lines') }}),

    -- A tiered price shows itself only on whole-period lines. Being catalogue knowledge they count at any time.
    shown_amounts as (

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

    ),

    tiered_amounts as (select * from shown_amounts where precedence = 1),

    -- A metered period is known, and worth something, from its end until the end of the period that follows on it.
    priced as (

        select
            changes.subscription_item_id,
            changes.changed_at,
            changes.invoice_line_id,
            changes.account_id,
            changes.subscription_id,
            changes.currency,
            changes.price_id,
            changes.period_end,
            case when prices.is_metered then changes.period_end else changes.changed_at end as in_force_from,
            case
                when prices.is_metered
                then
                    coalesce(
                        next_periods.period_end,
                        {{ add_billing_interval('changes.period_end', 'prices.interval_unit', 'prices.interval_count') }}
                    )
                else {{ move_by_days('changes.period_end', var('billing_grace_days')) }}
            end as lapses_at,
            case when not prices.is_metered then changes.quantity end as quantity,
            case
                when prices.is_metered
                then changes.amount
                else coalesce(prices.unit_amount, tiered_amounts.unit_amount, 0)
            end
            * prices.intervals_a_year
            / 12.0e0 as unit_price
        from changes
        inner join prices on changes.price_id = prices.price_id
        left join
            tiered_amounts
            on changes.subscription_item_id = tiered_amounts.subscription_item_id
            and changes.changed_at = tiered_amounts.changed_at
        left join
            changes as next_periods
            on prices.is_metered
            and changes.subscription_item_id = next_periods.subscription_item_id
            and changes.period_end = next_periods.changed_at

    )

select *, {{ native_mrr('coalesce(quantity, 1) * unit_price') }} as mrr
from priced
where in_force_from is not null
