with

    states as (select * from {{ ref('int_billing_item_states') }}),

    chains as (select * from {{ ref('int_billing_item_chains') }}),

    placed as (

        select
            states.*,
            chains.logical_item_id,
            chains.continued_at,
            lead(states.started_at) over (
                partition by states.subscription_item_id order by states.started_at
            ) as next_started_at
        from states
        inner join chains on states.subscription_item_id = chains.subscription_item_id

    ),

    -- The last state of a continued item reaches to its successor, over a gap or cut short of its own end.
    ended as (

        select
            *,
            case
                when continued_at is null
                then ended_at
                when next_started_at is null
                then continued_at
                else least(ended_at, continued_at)
            end as chained_until
        from placed

    )

select
    logical_item_id,
    subscription_item_id,
    account_id,
    currency,
    started_at,
    chained_until as ended_at,
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
    renews_at
from ended
where chained_until is null or chained_until > started_at
