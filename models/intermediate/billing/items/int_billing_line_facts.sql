{%- set fact = 'subscription_item_id, invoice_id, period_start, period_end, is_proration' -%}
with

    item_lines as (select * from {{ ref('int_billing_item_lines') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    sided as (

        select
            *,
            amount < 0 as is_credit,
            amount = 0 and quantity <> 0 as is_free_tier,
            max(case when amount < 0 then 1 else 0 end) over (partition by {{ fact }}) as has_credit,
            -- A flat fee is no tier.
            sum(case when amount > 0 and quantity <> 0 then 1 else 0 end) over (partition by {{ fact }}) as paid_tiers
        from item_lines

    ),

    placed as (

        select
            *,
            row_number() over (partition by {{ fact }}, is_free_tier order by invoice_line_id desc) as free_place,
            row_number() over (
                partition by {{ fact }}, is_credit order by case when amount = 0 then 1 else 0 end, invoice_line_id desc
            ) as precedence
        from sided

    ),

    -- A credit leaves its free tiers beside those of the charge, and nothing tells one from the other but their number.
    facts as (

        select
            {{ fact }},
            is_credit,
            max(invoice_line_id) as invoice_line_id,
            max(subscription_id) as subscription_id,
            max(account_id) as account_id,
            max(case when precedence = 1 then price_id end) as price_id,
            max(currency) as currency,
            max(minor_unit) as minor_unit,
            max(case when includes_tax then 1 else 0 end) = 1 as includes_tax,
            max(invoiced_at) as invoiced_at,
            cast(sum({{ native_mrr('amount') }}) as double) as amount,
            cast(sum(quantity) as bigint) as quantity,
            count(*) as invoice_lines
        from placed
        where not is_free_tier or has_credit = 0 or free_place <= paid_tiers
        group by {{ fact }}, is_credit

    ),

    timed as (

        select
            facts.*,
            {{ microseconds_between('facts.period_start', 'facts.period_end') }} as period_microseconds,
            {{ microseconds_between(
                'facts.period_start',
                add_billing_interval('facts.period_start', 'prices.interval_unit', 'prices.interval_count'),
            ) }} as interval_microseconds
        from facts
        left join prices on facts.price_id = prices.price_id

    )

-- A first period up to the day on which all are billed is no proration to the vendor, and yet only a part.
select
    subscription_item_id,
    invoice_id,
    period_start,
    period_end,
    is_proration,
    is_credit,
    invoice_line_id,
    subscription_id,
    account_id,
    price_id,
    currency,
    minor_unit,
    includes_tax,
    invoiced_at,
    amount,
    quantity,
    invoice_lines,
    not is_proration
    and coalesce(
        abs(period_microseconds - interval_microseconds) <= 0.12e0 * interval_microseconds, false
    ) as is_whole_period
from timed
