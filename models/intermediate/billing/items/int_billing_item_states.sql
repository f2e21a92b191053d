with

    changes as (select * from {{ ref('int_billing_priced_changes') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    subscriptions as (select * from {{ ref('stg_billing__subscriptions') }}),

    removals as (select * from {{ ref('int_billing_item_removals') }}),

    clock as (select * from {{ ref('int_clock') }}),

    followed as (

        select
            changes.*,
            case when subscriptions.ended_at <= clock.as_of then subscriptions.ended_at end as subscription_ended_at,
            lead(changes.started_at) over (
                partition by changes.subscription_item_id
                order by changes.started_at, changes.changed_at, changes.invoice_line_id
            ) as next_started_at
        from changes
        left join subscriptions on changes.subscription_id = subscriptions.subscription_id
        cross join clock

    ),

    first_removals as (

        select followed.subscription_item_id, followed.changed_at, min(removals.removed_at) as removed_at
        from followed
        inner join
            removals
            on followed.subscription_item_id = removals.subscription_item_id
            and followed.started_at < removals.removed_at
        group by followed.subscription_item_id, followed.changed_at

    ),

    ended as (

        select
            followed.*,
            least(
                followed.next_started_at, followed.subscription_ended_at, first_removals.removed_at, followed.lapses_at
            ) as ended_at
        from followed
        left join
            first_removals
            on followed.subscription_item_id = first_removals.subscription_item_id
            and followed.changed_at = first_removals.changed_at

    )

select
    ended.subscription_item_id,
    ended.started_at,
    ended.ended_at,
    ended.account_id,
    ended.currency,
    prices.product_id,
    prices.tier,
    prices.tier_rank,
    prices.is_seat_priced,
    prices.is_metered,
    prices.included_usage_30d,
    prices.included_storage_gb,
    ended.quantity,
    ended.unit_price,
    ended.mrr,
    ended.invoice_line_id,
    case when prices.is_seat_priced and prices.interval_unit = 'year' then ended.period_end end as renews_at
from ended
inner join prices on ended.price_id = prices.price_id
where ended.ended_at is null or ended.ended_at > ended.started_at
