with

    item_lines as (select * from {{ ref('int_billing_item_lines') }}),

    clock as (select * from {{ ref('int_clock') }}),

    instants as (

        select
            item_lines.subscription_item_id,
            item_lines.period_start as removed_at,
            max(case when item_lines.is_proration and item_lines.amount < 0 then 1 else 0 end) as has_credit,
            max(case when item_lines.amount > 0 then 1 else 0 end) as has_charge
        from item_lines
        cross join clock
        where item_lines.period_start <= clock.as_of
        group by item_lines.subscription_item_id, item_lines.period_start

    )

-- A credit with a charge at the same instant is a change; a credit alone gives the item back.
select subscription_item_id, removed_at
from instants
where has_credit = 1 and has_charge = 0
