with

    changes as (select * from {{ ref('int_billing_priced_changes') }}),

    prices as (select * from {{ ref('int_billing_prices') }}),

    subscriptions as (select * from {{ ref('stg_billing__subscriptions') }}),

    item_lines as (select * from {{ ref('int_billing_item_lines') }}),

    draft_renewals as (select * from {{ ref('int_billing_draft_renewals') }}),

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

    -- What was never paid is no subscription, and nobody knew of one before there was one.
    known as (

        select
            changes.subscription_item_id,
            changes.changed_at,
            changes.in_force_from as charged_from,
            greatest(changes.in_force_from, coalesce(subscriptions.known_from, changes.in_force_from)) as in_force_from,
            changes.lapses_at,
            changes.account_id,
            changes.currency,
            changes.price_id,
            changes.quantity,
            changes.unit_price,
            changes.mrr,
            changes.invoice_line_id,
            changes.period_end,
            case when subscriptions.ended_at <= clock.as_of then subscriptions.ended_at end as subscription_ended_at
        from changes
        left join subscriptions on changes.subscription_id = subscriptions.subscription_id
        cross join clock
        where
            not coalesce(subscriptions.is_never_paid, false)
            and (subscriptions.known_from is null or subscriptions.known_from <= clock.as_of)

    ),

    followed as (

        select
            *,
            lead(in_force_from) over (
                partition by subscription_item_id order by in_force_from, changed_at, invoice_line_id
            ) as next_from
        from known

    ),

    drafted as (

        select followed.subscription_item_id, followed.changed_at, max(draft_renewals.goes_on_until) as goes_on_until
        from followed
        inner join
            draft_renewals
            on followed.subscription_item_id = draft_renewals.subscription_item_id
            and followed.period_end < draft_renewals.goes_on_until
            and draft_renewals.drafted_from <= followed.lapses_at
            and draft_renewals.drafted_from >= followed.period_end
        inner join prices on followed.price_id = prices.price_id
        where followed.next_from is null and not prices.is_metered
        group by followed.subscription_item_id, followed.changed_at

    ),

    first_removals as (

        select followed.subscription_item_id, followed.changed_at, min(removals.removed_at) as removed_at
        from followed
        inner join
            removals
            on followed.subscription_item_id = removals.subscription_item_id
            and followed.charged_from < removals.removed_at
        group by followed.subscription_item_id, followed.changed_at

    ),

    ended as (

        select
            followed.*,
            least(
                followed.next_from,
                followed.subscription_ended_at,
                first_removals.removed_at,
                greatest(followed.lapses_at, coalesce(drafted.goes_on_until, followed.lapses_at))
            ) as in_force_until
        from followed
        left join
            first_removals
            on followed.subscription_item_id = first_removals.subscription_item_id
            and followed.changed_at = first_removals.changed_at
        left join
            drafted
            on followed.subscription_item_id = drafted.subscription_item_id
            and followed.changed_at = drafted.changed_at

    )

select
    ended.subscription_item_id,
    ended.in_force_from,
    ended.in_force_until,
    ended.account_id,
    ended.currency,
    ended.price_id,
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
