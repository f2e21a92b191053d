-- Deliveries of any trigger as spans: for any moment in (delivered_at, next_delivered_at] the last one before it is
-- this.
with

    firings as (select * from {{ ref('int_validation_firings') }}),

    deliveries as (
        select distinct account_key, delivered_at from firings where is_acted_on and delivered_at is not null
    )

select
    account_key,
    delivered_at,
    coalesce(
        lead(delivered_at) over (partition by account_key order by delivered_at),
        cast('2999-12-31 00:00:00' as timestamp)
    ) as next_delivered_at
from deliveries
