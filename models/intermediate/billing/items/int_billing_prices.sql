with

    prices as (select * from {{ ref('stg_billing__prices') }}),

    plans as (select * from {{ ref('plans') }}),

    tiers as (select * from {{ ref('tiers') }})

-- A plan names its product by the vendor's id or by its name; the id is surer. A price whose own currency has no rate
-- stays:
-- it may be billed in another.
select
    prices.price_id,
    prices.product_id,
    prices.currency,
    prices.unit_amount,
    prices.interval_unit,
    prices.interval_count,
    prices.intervals_a_year,
    prices.is_metered,
    plans.tier,
    tiers.tier_rank,
    coalesce(plans.is_seat_priced, false) as is_seat_priced,
    plans.included_usage_30d,
    plans.included_storage_gb
from prices
left join plans as plans_by_id on lower(prices.product_id) = lower(plans_by_id.product)
left join plans on lower(coalesce(plans_by_id.product, prices.product_name)) = lower(plans.product)
left join tiers on plans.tier = tiers.tier
where prices.intervals_a_year is not null
