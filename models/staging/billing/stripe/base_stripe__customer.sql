with customers as (select * from {{ source('stripe', 'customer') }})

select id as customer_id, name as customer_name, email, metadata, created as created_at
from customers
where coalesce(livemode, true) and not coalesce(is_deleted, false)
