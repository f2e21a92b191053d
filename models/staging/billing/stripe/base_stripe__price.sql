with

    prices as (select * from {{ source('stripe', 'price') }}),

    plans as (select * from {{ source('stripe', 'plan') }}),

    products as (select * from {{ source('stripe', 'product') }} where coalesce(livemode, true)),

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
            coalesce(product_id, product) as product_id,
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
    catalogue.id as price_id,
    catalogue.product_id,
    products.name as product_name,
    lower(trim(catalogue.currency)) as currency,
    catalogue.minor_amount / {{ minor_units('trim(catalogue.currency)') }} as unit_amount,
    coalesce(catalogue.billing_scheme, 'per_unit') = 'tiered' as is_tiered,
    lower(catalogue.interval_unit) as interval_unit,
    coalesce(catalogue.interval_count, 1) as interval_count,
    coalesce(catalogue.usage_type, 'licensed') = 'metered' as is_metered,
    catalogue.catalogue_table
from catalogue
left join products on catalogue.product_id = products.id
where coalesce(catalogue.livemode, true)
