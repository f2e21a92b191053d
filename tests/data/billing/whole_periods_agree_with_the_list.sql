-- A whole period that bills otherwise than list price times quantity: the catalogue, or what the models take from it,
-- is not
-- what customers pay.
{{ config(severity='warn') }}
with

    line_facts as (
        select *
        from {{ ref('int_billing_line_facts') }}
        where is_whole_period and not is_credit and amount > 0 and not includes_tax
    ),

    prices as (select * from {{ ref('int_billing_prices') }} where not is_metered)

select
    line_facts.subscription_item_id,
    line_facts.invoice_id,
    line_facts.period_start,
    line_facts.price_id,
    line_facts.quantity,
    prices.unit_amount * line_facts.quantity as listed_amount,
    line_facts.amount as billed_amount
from line_facts
inner join prices on line_facts.price_id = prices.price_id and line_facts.currency = prices.currency
where abs(prices.unit_amount * line_facts.quantity - line_facts.amount) > 1.000001e0 * line_facts.minor_unit
