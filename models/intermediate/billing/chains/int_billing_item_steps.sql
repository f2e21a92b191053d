with

    spans as (select * from {{ ref('int_billing_item_spans') }} where closes_from < closes_until),

    clock as (select * from {{ ref('int_clock') }}),

    neighbours as (

        select
            *,
            lag(currency) over (partition by logical_item_id order by in_force_from) as previous_currency,
            lag(price_id) over (partition by logical_item_id order by in_force_from) as previous_price_id,
            lag(closes_until) over (partition by logical_item_id order by in_force_from) as previous_closes_until,
            lag(quantity) over (partition by logical_item_id order by in_force_from) as previous_quantity,
            lag(unit_price) over (partition by logical_item_id order by in_force_from) as previous_unit_price,
            lag(mrr) over (partition by logical_item_id order by in_force_from) as previous_mrr,
            lag(product_id) over (partition by logical_item_id order by in_force_from) as previous_product_id,
            lag(tier_rank) over (partition by logical_item_id order by in_force_from) as previous_tier_rank,
            lag(is_metered) over (partition by logical_item_id order by in_force_from) as previous_is_metered,
            lead(closes_from) over (partition by logical_item_id order by in_force_from) as next_closes_from
        from spans

    ),

    -- What an item is worth at the close of its first day, against the close before.
    arrivals as (select *, coalesce(previous_closes_until = closes_from, false) as is_carried_on from neighbours)

select
    account_id,
    currency,
    case when is_carried_on then previous_currency end as currency_before,
    logical_item_id,
    closes_from as movement_on,
    is_carried_on,
    is_metered or (is_carried_on and previous_is_metered) as is_metered,
    case when is_carried_on then previous_quantity end as quantity_before,
    quantity as quantity_after,
    case when is_carried_on then previous_unit_price end as unit_price_before,
    unit_price as unit_price_after,
    case when is_carried_on then previous_mrr else 0 end as mrr_before,
    mrr as mrr_after,
    is_carried_on and price_id = previous_price_id and currency = previous_currency as is_same_price,
    is_carried_on and (product_id is distinct from previous_product_id) as is_other_product,
    is_carried_on and coalesce(tier_rank, 0) > coalesce(previous_tier_rank, 0) as is_higher_tier,
    quantity_changed_at,
    price_changed_at,
    unchanged_since,
    cast(null as timestamp) as left_at
from arrivals

union all

-- An item that is there no more at the close of the day after its last one.
select
    neighbours.account_id,
    neighbours.currency,
    neighbours.currency as currency_before,
    neighbours.logical_item_id,
    neighbours.closes_until as movement_on,
    false as is_carried_on,
    neighbours.is_metered,
    neighbours.quantity as quantity_before,
    cast(null as bigint) as quantity_after,
    neighbours.unit_price as unit_price_before,
    cast(null as double) as unit_price_after,
    neighbours.mrr as mrr_before,
    0 as mrr_after,
    false as is_same_price,
    false as is_other_product,
    false as is_higher_tier,
    cast(null as timestamp) as quantity_changed_at,
    cast(null as timestamp) as price_changed_at,
    cast(null as timestamp) as unchanged_since,
    neighbours.in_force_until as left_at
from neighbours
cross join clock
where
    neighbours.closes_until <= clock.last_closed_on
    and neighbours.next_closes_from is distinct from neighbours.closes_until
