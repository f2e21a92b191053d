with

    states as (select * from {{ ref('int_billing_chained_states') }}),

    clock as (select * from {{ ref('int_clock') }}),

    followed as (

        select
            *,
            lag(in_force_until) over (partition by logical_item_id order by in_force_from) as previous_until,
            lag(quantity) over (partition by logical_item_id order by in_force_from) as previous_quantity,
            lag(unit_price) over (partition by logical_item_id order by in_force_from) as previous_unit_price,
            lag(product_id) over (partition by logical_item_id order by in_force_from) as previous_product_id,
            lag(currency) over (partition by logical_item_id order by in_force_from) as previous_currency
        from states

    ),

    compared as (

        select
            *,
            coalesce(previous_until = in_force_from, false) as is_unbroken,
            (quantity is distinct from previous_quantity) as is_other_quantity,
            -- Prices per year and per month meet as doubles.
            ({{ native_mrr('unit_price') }} is distinct from {{ native_mrr('previous_unit_price') }})
            or (product_id is distinct from previous_product_id)
            or (currency is distinct from previous_currency) as is_other_price
        from followed

    ),

    -- The time of a cause is when the value began, not when the latest renewal repeated it.
    dated as (

        select
            *,
            max(case when is_other_quantity then in_force_from end) over (
                partition by logical_item_id order by in_force_from
            ) as quantity_changed_at,
            max(case when is_other_price then in_force_from end) over (
                partition by logical_item_id order by in_force_from
            ) as price_changed_at,
            max(case when is_other_quantity or is_other_price or not is_unbroken then in_force_from end) over (
                partition by logical_item_id order by in_force_from
            ) as unchanged_since
        from compared

    )

select
    dated.logical_item_id,
    dated.subscription_item_id,
    dated.account_id,
    dated.currency,
    dated.price_id,
    dated.in_force_from,
    dated.in_force_until,
    {{ day_of('dated.in_force_from') }} as closes_from,
    -- Never later than the first day that is not closed; where it is not after closes_from, no close falls into the
    -- span.
    least(
        coalesce({{ day_of('dated.in_force_until') }}, {{ add_days('clock.last_closed_on', 1) }}),
        {{ add_days('clock.last_closed_on', 1) }}
    ) as closes_until,
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
    dated.intervals_a_year,
    {{ day_of('dated.renews_at') }} as renews_on
from dated
cross join clock
