with

    steps as (select * from {{ ref('int_billing_item_steps') }}),

    turned as (select *, is_carried_on and currency <> currency_before as is_other_currency from steps),

    -- Price and product are valued at the old quantity; the rest, seats at the new price, is the quantity's. One
    -- price is
    -- one price whatever the quantity: what more units cost on it, over tiers or in packages, is the quantity's too.
    valued as (

        select
            *,
            case when is_other_currency then mrr_after else mrr_after - mrr_before end as whole_delta,
            case
                when quantity_after = quantity_before and is_other_currency
                then mrr_after
                when quantity_after = quantity_before
                then mrr_after - mrr_before
                when is_other_currency
                then {{ native_mrr('quantity_before * unit_price_after') }}
                when is_same_price
                then 0
                else {{ native_mrr('quantity_before * (unit_price_after - unit_price_before)') }}
            end as price_delta,
            case
                when left_at is not null
                then 'removal'
                when is_metered
                then 'consumption'
                when not is_carried_on
                then 'add_on'
                when is_other_product and is_higher_tier
                then 'tier_upgrade'
                else 'renewal_uplift'
            end as price_cause
        from turned

    ),

    causes as (

        select
            account_id,
            currency,
            logical_item_id,
            movement_on,
            price_cause as cause,
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
            price_cause as cause,
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

        union all

        -- What goes on in another currency leaves the old one whole; the price moved by the net of both.
        select
            account_id,
            currency_before as currency,
            logical_item_id,
            movement_on,
            price_cause as cause,
            case when is_metered then unchanged_since else price_changed_at end as moved_at,
            - mrr_before as mrr_delta_native
        from valued
        where is_other_currency

    )

select *
from causes
where mrr_delta_native <> 0
