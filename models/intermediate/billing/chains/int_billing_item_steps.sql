with

    line_states as (select * from {{ ref('int_billing_line_states') }} where first_close_on <= last_close_on),

    clock as (select * from {{ ref('int_clock') }}),

    neighbours as (

        select
            *,
            lag(last_close_on) over (partition by logical_item_id order by started_at) as previous_last_close_on,
            lag(quantity) over (partition by logical_item_id order by started_at) as previous_quantity,
            lag(unit_price) over (partition by logical_item_id order by started_at) as previous_unit_price,
            lag(mrr) over (partition by logical_item_id order by started_at) as previous_mrr,
            lag(product_id) over (partition by logical_item_id order by started_at) as previous_product_id,
            lag(tier_rank) over (partition by logical_item_id order by started_at) as previous_tier_rank,
            lag(is_metered) over (partition by logical_item_id order by started_at) as previous_is_metered,
            lead(first_close_on) over (partition by logical_item_id order by started_at) as next_first_close_on
        from line_states

    ),

    -- What an item is worth at the close of its first day, against the close before.
    arrivals as (

        select *, coalesce({{ add_days('previous_last_close_on', 1) }} = first_close_on, false) as is_carried_on
        from neighbours

    )

select
    account_id,
    currency,
    logical_item_id,
    first_close_on as movement_on,
    is_carried_on,
    is_metered or (is_carried_on and previous_is_metered) as is_metered,
    case when is_carried_on then previous_quantity end as quantity_before,
    quantity as quantity_after,
    case when is_carried_on then previous_unit_price end as unit_price_before,
    unit_price as unit_price_after,
    case when is_carried_on then previous_mrr else 0 end as mrr_before,
    mrr as mrr_after,
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
    neighbours.logical_item_id,
    {{ add_days('neighbours.last_close_on', 1) }} as movement_on,
    false as is_carried_on,
    neighbours.is_metered,
    neighbours.quantity as quantity_before,
    cast(null as bigint) as quantity_after,
    neighbours.unit_price as unit_price_before,
    cast(null as double) as unit_price_after,
    neighbours.mrr as mrr_before,
    0 as mrr_after,
    false as is_other_product,
    false as is_higher_tier,
    cast(null as timestamp) as quantity_changed_at,
    cast(null as timestamp) as price_changed_at,
    cast(null as timestamp) as unchanged_since,
    neighbours.ended_at as left_at
from neighbours
cross join clock
where
    neighbours.last_close_on < clock.last_closed_on
    and neighbours.next_first_close_on is distinct from {{ add_days('neighbours.last_close_on', 1) }}
