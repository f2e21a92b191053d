with

    prices as (select * from {{ source('stripe', 'price') }}),

    plans as (select * from {{ source('stripe', 'plan') }}),

    catalogue as (

        select
            id,
            product_id,
            currency,
            coalesce(unit_amount_decimal, cast(unit_amount as double)) as minor_amount,
            billing_scheme,
            recurring_interval as interval_unit,
            recurring_interval_count as interval_count,
            recurring_usage_type as usage_type,
            livemode,
            'price' as catalogue_table
        from prices

        union all

        select
            id,
            product_id,
            currency,
            cast(amount as double) as minor_amount,
            billing_scheme,
            {{ adapter.quote('interval') }} as interval_unit,
            interval_count,
            usage_type,
            livemode,
            'plan' as catalogue_table
        from plans

    )

select
    id as price_id,
    product_id,
    lower(trim(currency)) as currency,
    minor_amount / {{ minor_units('trim(currency)') }} as unit_amount,
    coalesce(billing_scheme, 'per_unit') = 'tiered' as is_tiered,
    lower(interval_unit) as interval_unit,
    coalesce(interval_count, 1) as interval_count,
    coalesce(usage_type, 'licensed') = 'metered' as is_metered,
    catalogue_table
from catalogue
where coalesce(livemode, true)
