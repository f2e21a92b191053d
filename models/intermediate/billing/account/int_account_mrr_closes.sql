with

    item_movements as (select * from {{ ref('int_billing_item_movements') }}),

    exchange_rates as (select * from {{ ref('int_billing_exchange_rates') }}),

    changes as (

        select account_id, currency, movement_on, sum(mrr_delta_native) as mrr_delta_native
        from item_movements
        group by account_id, currency, movement_on

    ),

    days as (select distinct account_id, movement_on from changes),

    currencies as (select distinct account_id, currency from changes),

    -- Every currency of an account on every day on which any of them moves.
    balances as (

        select
            days.account_id,
            currencies.currency,
            days.movement_on,
            coalesce(changes.mrr_delta_native, 0) as mrr_delta_native,
            sum(coalesce(changes.mrr_delta_native, 0)) over (
                partition by days.account_id, currencies.currency
                order by days.movement_on
                rows between unbounded preceding and current row
            ) as mrr_after_native
        from days
        inner join currencies on days.account_id = currencies.account_id
        left join
            changes
            on days.account_id = changes.account_id
            and days.movement_on = changes.movement_on
            and currencies.currency = changes.currency

    ),

    converted as (

        select
            balances.account_id,
            balances.movement_on,
            cast(sum(cast(balances.mrr_after_native as double) * exchange_rates.rate) as decimal(38, 8)) as mrr_after,
            cast(
                sum(
                    cast(balances.mrr_after_native - balances.mrr_delta_native as double) * exchange_rates.rate
                ) as decimal(38, 8)
            ) as mrr_before
        from balances
        inner join
            exchange_rates
            on balances.currency = exchange_rates.currency
            and balances.movement_on >= exchange_rates.valid_from
            and balances.movement_on < exchange_rates.valid_until
        group by balances.account_id, balances.movement_on

    )

select
    account_id,
    movement_on,
    mrr_before,
    mrr_after,
    coalesce(
        max(mrr_after) over (
            partition by account_id order by movement_on rows between unbounded preceding and 1 preceding
        ),
        0
    )
    > 0 as has_paid_before
from converted
