with items as (select * from {{ source('stripe', 'subscription_item') }})

select
    id as subscription_item_id,
    subscription_id,
    plan_id as price_id,
    quantity,
    current_period_end as period_end,
    _fivetran_synced as synced_at
from items
