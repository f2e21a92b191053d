with

    states as (select * from {{ ref('int_billing_item_states') }}),

    continuations as (select * from {{ ref('int_billing_item_continuations') }}),

    items as (select distinct account_id, subscription_item_id from states),

    -- The first item of a chain names the logical item that goes on through all of them: followed from its end.
    links as (

        select items.account_id, items.subscription_item_id as id, continuations.earlier_item_id as next_id
        from items
        left join continuations on items.subscription_item_id = continuations.later_item_id

    ),

    followed as ({{ followed_links('links', within='account_id', rounds=10) | indent(4) }}),

    chains as (

        select followed.id as subscription_item_id, followed.end_id as logical_item_id, continuations.continued_at
        from followed
        left join continuations on followed.id = continuations.earlier_item_id

    ),

    placed as (

        select
            states.*,
            chains.logical_item_id,
            chains.continued_at,
            lead(states.in_force_from) over (
                partition by states.subscription_item_id order by states.in_force_from
            ) as next_from
        from states
        inner join chains on states.subscription_item_id = chains.subscription_item_id

    ),

    -- The last state of a continued item reaches to its successor, over a gap or cut short of its own end.
    ended as (

        select
            *,
            case
                when continued_at is null
                then in_force_until
                when next_from is null
                then continued_at
                else least(in_force_until, continued_at)
            end as chained_until
        from placed

    )

select
    logical_item_id,
    subscription_item_id,
    account_id,
    currency,
    price_id,
    in_force_from,
    chained_until as in_force_until,
    product_id,
    tier,
    tier_rank,
    is_seat_priced,
    is_metered,
    included_usage_30d,
    included_storage_gb,
    quantity,
    unit_price,
    mrr,
    invoice_line_id,
    intervals_a_year,
    renews_at
from ended
where chained_until is null or chained_until > in_force_from
