with

    stripe as (

        select
            id as subscription_item_id,
            subscription_id,
            plan_id as price_id,
            quantity,
            current_period_end as period_end,
            _fivetran_synced as synced_at
        from {{ source('stripe', 'subscription_item') }}

    ),

    items as ({{ vendor_rows('billing', {'stripe': 'stripe'}) }}),

    subscriptions as (select * from {{ ref('stg_billing__subscriptions') }})

-- Items carry no mode of their own: a test-mode item is known by its subscription.
select
    items.subscription_item_id,
    items.subscription_id,
    subscriptions.customer_id,
    subscriptions.status as subscription_status,
    coalesce(subscriptions.status, '') in ('active', 'trialing', 'past_due', 'unpaid') as is_running,
    subscriptions.ended_at as subscription_ended_at,
    items.price_id,
    items.quantity,
    coalesce(items.period_end, subscriptions.period_end) as period_end,
    items.synced_at
from items
inner join subscriptions on items.subscription_id = subscriptions.subscription_id
