with

    changes as (select * from {{ ref('int_billing_item_changes') }}),

    change_amounts as (select * from {{ ref('int_billing_change_amounts') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    -- A metered period is known, and worth something, from its end until the end of the period that follows on it.
    timed as (

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
            change_amounts.unit_amount * prices.intervals_a_year / 12.0e0 as listed_price,
            change_amounts.amount * prices.intervals_a_year / 12.0e0 as billed_price
        from changes
        inner join prices on changes.price_id = prices.price_id
        inner join
            change_amounts
            on changes.subscription_item_id = change_amounts.subscription_item_id
            and changes.changed_at = change_amounts.changed_at
        left join
            changes as next_periods
            on prices.is_metered
            and changes.subscription_item_id = next_periods.subscription_item_id
            and changes.period_end = next_periods.changed_at

    ),

    -- Without a quantity - metered use, a flat fee alone - the whole is the price.
    rated as (

        select
            *,
            coalesce(
                listed_price, {{ share('billed_price', 'case when quantity <> 0 then quantity else 1 end') }}
            ) as known_unit_price
        from timed

    ),

    -- What neither the catalogue nor a bill says goes on at the last rate until its invoice comes.
    priced as (

        select
            *,
            coalesce(
                known_unit_price, lag(known_unit_price) over (partition by subscription_item_id order by changed_at), 0
            ) as unit_price
        from rated

    )

select
    subscription_item_id,
    changed_at,
    invoice_line_id,
    account_id,
    subscription_id,
    currency,
    price_id,
    period_end,
    in_force_from,
    lapses_at,
    quantity,
    unit_price,
    -- An amount divided by its units and multiplied again may not be the same to the last decimal.
    case
        when listed_price is null and billed_price is not null
        then {{ native_mrr('billed_price') }}
        else {{ native_mrr('coalesce(quantity, 1) * unit_price') }}
    end as mrr
from priced
where in_force_from is not null
