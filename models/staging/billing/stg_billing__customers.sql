with

    stripe as (

        select id as customer_id, name as customer_name, email, metadata, created as created_at
        from {{ source('stripe', 'customer') }}
        where coalesce(livemode, true) and not coalesce(is_deleted, false)

    ),

    customers as ({{ vendor_rows('billing', {'stripe': 'stripe'}) }})

select customer_id, customer_name, email, metadata, created_at
from customers
