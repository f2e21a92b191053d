with customers as ({{ vendor_rows('billing', {'stripe': ref('base_stripe__customer')}) }})

select customer_id, customer_name, email, metadata, created_at
from customers
