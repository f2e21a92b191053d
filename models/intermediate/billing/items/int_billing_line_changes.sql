with

    line_facts as (select * from {{ ref('int_billing_line_facts') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    clock as (select * from {{ ref('int_clock') }}),

    -- Use that was billed before a period's end stands on an invoice of its own.
    charges as (

        select
            line_facts.*,
            case
                when prices.is_metered
                then
                    cast(
                        sum({{ native_mrr('line_facts.amount') }}) over (
                            partition by line_facts.subscription_item_id, line_facts.period_start, line_facts.period_end
                        ) as double
                    )
                else line_facts.amount
            end as charged_amount
        from line_facts
        inner join prices on line_facts.price_id = prices.price_id
        cross join clock
        where line_facts.amount > 0 and line_facts.period_start <= clock.as_of

    ),

    ranked as (

        select
            *,
            row_number() over (
                partition by subscription_item_id, period_start
                order by invoiced_at desc nulls last, invoice_line_id desc
            ) as precedence
        from charges

    )

select
    subscription_item_id,
    period_start as changed_at,
    invoice_line_id,
    subscription_id,
    account_id,
    price_id,
    currency,
    minor_unit,
    includes_tax,
    charged_amount as amount,
    quantity,
    invoice_lines,
    is_whole_period,
    period_end,
    row_number() over (partition by subscription_item_id order by period_start desc) as newness
from ranked
where precedence = 1
