with

    item_movements as (select * from {{ ref('int_billing_item_movements') }}),

    closes as (select * from {{ ref('int_account_mrr_closes') }}),

    exchange_rates as (select * from {{ ref('int_billing_exchange_rates') }}),

    converted as (

        select item_movements.*, cast(item_movements.mrr_delta_native as double) * exchange_rates.rate as mrr_delta
        from item_movements
        inner join
            exchange_rates
            on item_movements.currency = exchange_rates.currency
            and item_movements.movement_on >= exchange_rates.valid_from
            and item_movements.movement_on < exchange_rates.valid_until

    ),

    -- A cause has a row in each currency where it is a change of currency, and rises or falls by their net.
    netted as (

        select *, sum(mrr_delta) over (partition by account_id, logical_item_id, movement_on, cause) as cause_delta
        from converted

    ),

    -- An expansion needs a net rise of an existing customer's MRR; on any other day its causes are one movement.
    typed as (

        select
            netted.account_id,
            netted.currency,
            netted.movement_on,
            netted.moved_at,
            netted.mrr_delta_native,
            netted.mrr_delta,
            closes.mrr_before,
            closes.mrr_after,
            case
                when closes.mrr_before <= 0 and closes.has_paid_before
                then 'reactivation'
                when closes.mrr_before <= 0
                then 'new'
                when closes.mrr_after <= 0
                then 'churn'
                when closes.mrr_after > closes.mrr_before and netted.cause_delta > 0
                then netted.cause
                else 'contraction'
            end as movement_type
        from netted
        inner join closes on netted.account_id = closes.account_id and netted.movement_on = closes.movement_on

    )

select
    account_id,
    currency,
    movement_on,
    max(moved_at) as moved_at,
    movement_type,
    sum(mrr_delta_native) as mrr_delta_native,
    sum(mrr_delta) as mrr_delta,
    cast(max(mrr_before) as double) as mrr_before,
    cast(max(mrr_after) as double) as mrr_after
from typed
group by account_id, currency, movement_on, movement_type
having sum(mrr_delta_native) <> 0
