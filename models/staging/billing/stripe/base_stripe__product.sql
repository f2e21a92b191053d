with products as (select * from {{ source('stripe', 'product') }})

select id as product_id, name as product_name
from products
where coalesce(livemode, true)
