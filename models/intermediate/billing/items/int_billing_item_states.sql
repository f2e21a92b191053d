with

    changes as (select * from {{ ref('int_billing_priced_changes') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    subscriptions as (select * from {{ ref('stg_billing__subscriptions') }}),

    item_lines as (select * from {{ ref('int_billing_item_lines') }}),

    clock as (select * from {{ ref('int_clock') }}),

    -- A credit with a charge at the same instant is a change; a credit alone gives the item back.
    removals as (

        select item_lines.subscription_item_id, item_lines.period_start as removed_at
        from item_lines
        cross join clock
        where item_lines.period_start <= clock.as_of
        group by item_lines.subscription_item_id, item_lines.period_start
        having
            max(case when item_lines.is_proration and item_lines.amount < 0 then 1 else 0 end) = 1
            and max(case when item_lines.amount > 0 then 1 else 0 end) = 0

    ),

    followed as (

        select
            changes.*,
            case when subscriptions.ended_at <= clock.as_of then subscriptions.ended_at end as subscription_ended_at,
            lead(changes.in_force_from) over (
                partition by changes.subscription_item_id
                order by changes.in_force_from, changes.changed_at, changes.invoice_line_id
            ) as next_from
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
            and followed.in_force_from < removals.removed_at
        group by followed.subscription_item_id, followed.changed_at

    ),

    ended as (

        select
            followed.*,
            least(
                followed.next_from, followed.subscription_ended_at, first_removals.removed_at, followed.lapses_at
            ) as in_force_until
        from followed
        left join
            first_removals
            on followed.subscription_item_id = first_removals.subscription_item_id
            and followed.changed_at = first_removals.changed_at

    )

select
    ended.subscription_item_id,
    ended.in_force_from,
    ended.in_force_until,
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
    prices.intervals_a_year,
    -- Twelve months are a year; what is metered renews nothing.
    case when prices.intervals_a_year <= 1 and not prices.is_metered then ended.period_end end as renews_at
from ended
inner join prices on ended.price_id = prices.price_id
where ended.in_force_until is null or ended.in_force_until > ended.in_force_from
