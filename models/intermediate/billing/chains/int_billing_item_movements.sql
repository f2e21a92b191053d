with

    steps as (select * from {{ ref('int_billing_item_steps') }}),

    -- Price and product are valued at the old quantity; the rest, seats at the new price, is the quantity's.
    valued as (

        select
            *,
            mrr_after - mrr_before as whole_delta,
            case
                when quantity_after = quantity_before
                then mrr_after - mrr_before
                else {{ native_mrr('quantity_before * (unit_price_after - unit_price_before)') }}
            end as price_delta
        from steps

    ),

    causes as (

        select
            account_id,
            currency,
            logical_item_id,
            movement_on,
            case when left_at is not null then 'removal' when is_metered then 'consumption' else 'add_on' end as cause,
            coalesce(left_at, unchanged_since) as moved_at,
            whole_delta as mrr_delta_native
        from valued
        where is_metered or not is_carried_on

        union all

        select
            account_id,
            currency,
            logical_item_id,
            movement_on,
            case when is_other_product and is_higher_tier then 'tier_upgrade' else 'renewal_uplift' end as cause,
            price_changed_at as moved_at,
            price_delta as mrr_delta_native
        from valued
        where is_carried_on and not is_metered

        union all

        select
            account_id,
            currency,
            logical_item_id,
            movement_on,
            'seat_growth' as cause,
            quantity_changed_at as moved_at,
            whole_delta - price_delta as mrr_delta_native
        from valued
        where is_carried_on and not is_metered

    )

select *
from causes
where mrr_delta_native <> 0
