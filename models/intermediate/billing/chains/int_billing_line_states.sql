with

    states as (select * from {{ ref('int_billing_chained_states') }}),

    clock as (select * from {{ ref('int_clock') }}),

    followed as (

        select
            *,
            lag(ended_at) over (partition by logical_item_id order by started_at) as previous_ended_at,
            lag(quantity) over (partition by logical_item_id order by started_at) as previous_quantity,
            lag(unit_price) over (partition by logical_item_id order by started_at) as previous_unit_price,
            lag(product_id) over (partition by logical_item_id order by started_at) as previous_product_id
        from states

    ),

    compared as (

        select
            *,
            coalesce(previous_ended_at = started_at, false) as is_unbroken,
            (quantity is distinct from previous_quantity) as is_other_quantity,
            -- Prices per year and per month meet as doubles.
            ({{ native_mrr('unit_price') }} is distinct from {{ native_mrr('previous_unit_price') }})
            or (product_id is distinct from previous_product_id) as is_other_price
        from followed

    ),

    -- The time of a cause is when the value began, not when the latest renewal repeated it.
    dated as (

        select
            *,
            max(case when is_other_quantity then started_at end) over (
                partition by logical_item_id order by started_at
            ) as quantity_changed_at,
            max(case when is_other_price then started_at end) over (
                partition by logical_item_id order by started_at
            ) as price_changed_at,
            max(case when is_other_quantity or is_other_price or not is_unbroken then started_at end) over (
                partition by logical_item_id order by started_at
            ) as unchanged_since
        from compared

    )

select
    dated.logical_item_id,
    dated.subscription_item_id,
    dated.account_id,
    dated.currency,
    dated.started_at,
    dated.ended_at,
    {{ day_of('dated.started_at') }} as first_close_on,
    least(
        coalesce({{ add_days(day_of('dated.ended_at'), -1) }}, clock.last_closed_on), clock.last_closed_on
    ) as last_close_on,
    dated.product_id,
    dated.tier,
    dated.tier_rank,
    dated.is_seat_priced,
    dated.is_metered,
    dated.included_usage_30d,
    dated.included_storage_gb,
    dated.quantity,
    dated.unit_price,
    dated.mrr,
    dated.quantity_changed_at,
    dated.price_changed_at,
    dated.unchanged_since,
    {{ day_of('dated.renews_at') }} as renews_on
from dated
cross join clock
