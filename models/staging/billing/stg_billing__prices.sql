with

    catalogue as ({{ vendor_rows('billing', {'stripe': ref('base_stripe__price')}) }}),

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
    price_id,
    product_id,
    product_name,
    currency,
    -- Only where it says what a unit costs: the catalogue has no tiers, packages are rounded, tax is no revenue.
    case when not (is_tiered or is_package or includes_tax) then listed_amount end as unit_amount,
    interval_unit,
    interval_count,
    {{ intervals_a_year('interval_unit', 'interval_count') }} as intervals_a_year,
    is_metered,
    catalogue_table
from ranked
where precedence = 1
