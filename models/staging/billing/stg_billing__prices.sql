with

    catalogue as (select * from {{ ref('base_stripe__price') }}),

    products as (select * from {{ ref('base_stripe__product') }}),

    -- Where both tables name an id, the price decides; only an amount that it leaves out is the plan's.
    ranked as (

        select
            *,
            coalesce(
                unit_amount, max(case when catalogue_table = 'plan' then unit_amount end) over (partition by price_id)
            ) as listed_amount,
            row_number() over (partition by price_id order by catalogue_table desc) as precedence
        from catalogue

    )

select
    ranked.price_id,
    ranked.product_id,
    products.product_name,
    ranked.currency,
    case when not ranked.is_tiered then ranked.listed_amount end as unit_amount,
    ranked.interval_unit,
    ranked.interval_count,
    {{ intervals_a_year('ranked.interval_unit', 'ranked.interval_count') }} as intervals_a_year,
    ranked.is_tiered,
    ranked.is_metered,
    ranked.catalogue_table
from ranked
left join products on ranked.product_id = products.product_id
where ranked.precedence = 1
