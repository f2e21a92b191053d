with

    -- A line without a quantity is one of its price.
    invoice_lines as (select *, coalesce(quantity, 1) as units from {{ source('stripe', 'invoice_line_item') }}),

    -- The whole amount lacks in many landings; the unit's says the same, but nothing of a flat fee, whose quantity is
    -- 0, and not always the sign of a credit.
    net as (

        select
            *,
            cast(amount as double) as minor_amount,
            coalesce(
                amount_excluding_tax,
                case when units <> 0 then sign(amount) * abs(unit_amount_excluding_tax * units) end,
                cast(amount as double)
            ) as minor_net_amount,
            -- A unit's amount in whole minor units may be a rounded one.
            case
                when amount_excluding_tax is null and unit_amount_excluding_tax = floor(unit_amount_excluding_tax)
                then 1 + 0.5 * abs(units)
                else 1
            end as minor_tolerance
        from invoice_lines

    ),

    compared as (select *, abs(minor_amount) - abs(minor_net_amount) > minor_tolerance as includes_tax from net)

select
    id as invoice_line_id,
    invoice_id,
    subscription_id,
    subscription_item_id,
    coalesce(price_id, plan_id) as price_id,
    lower(trim(currency)) as currency,
    case when includes_tax or amount_excluding_tax is not null then minor_net_amount else minor_amount end
    / {{ minor_units('trim(currency)') }} as amount,
    1.0e0 / {{ minor_units('trim(currency)') }} as minor_unit,
    quantity,
    coalesce(includes_tax, false) as includes_tax,
    coalesce(type, '') = 'subscription' as is_subscription_line,
    coalesce(proration, false) as is_proration,
    period_start,
    period_end
from compared
where coalesce(livemode, true) and id not like 'sub%'
