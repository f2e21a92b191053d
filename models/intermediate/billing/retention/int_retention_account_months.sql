-- MRR of an account and currency at the start and the end of every ended month, native and in USD at the start's and
-- the end's rate.
with

    clock as (select * from {{ ref('int_clock') }}),

    movements as (
        select
            account_id,
            currency,
            cast({{ dbt.date_trunc('month', 'movement_on') }} as date) as month,
            sum(mrr_delta_native) as native_delta
        from {{ ref('int_mrr_movements') }}
        group by account_id, currency, cast({{ dbt.date_trunc('month', 'movement_on') }} as date)
    ),

    months as (
        select
            days.month,
            {{ add_days('days.month', -1) }} as start_on,
            cast({{ add_days("cast(" ~ dbt.dateadd('month', 1, 'days.month') ~ " as date)", -1) }} as date) as end_on
        from
            (
                select distinct cast({{ dbt.date_trunc('month', 'signal_on') }} as date) as month
                from {{ ref('int_account_stage_daily') }}
            ) as days
        cross join clock
        where cast({{ dbt.dateadd('month', 1, 'days.month') }} as timestamp) <= clock.as_of
    ),

    holders as (select account_id, currency, min(month) as first_month from movements group by account_id, currency),

    before as (
        select movements.account_id, movements.currency, sum(movements.native_delta) as native
        from movements
        cross join (select min(month) as first_month from months) as firsts
        where movements.month < firsts.first_month
        group by movements.account_id, movements.currency
    ),

    balances as (
        select
            holders.account_id,
            holders.currency,
            months.month,
            months.start_on,
            months.end_on,
            coalesce(movements.native_delta, 0) as native_delta,
            coalesce(before.native, 0) + sum(coalesce(movements.native_delta, 0)) over (
                partition by holders.account_id, holders.currency
                order by months.month
                rows between unbounded preceding and current row
            ) as native_end
        from holders
        inner join months on holders.first_month <= months.month
        left join
            movements
            on holders.account_id = movements.account_id
            and holders.currency = movements.currency
            and months.month = movements.month
        left join before on holders.account_id = before.account_id and holders.currency = before.currency
    )

select
    balances.account_id,
    balances.month,
    balances.start_on,
    balances.end_on,
    sum(cast(balances.native_end - balances.native_delta as double) * start_rates.rate) as mrr_start,
    sum(cast(balances.native_end as double) * start_rates.rate) as mrr_end_at_start_rate,
    sum(cast(balances.native_end as double) * end_rates.rate) as mrr_end
from balances
inner join
    {{ ref('int_billing_exchange_rates') }} as start_rates
    on balances.currency = start_rates.currency
    and balances.start_on >= start_rates.valid_from
    and balances.start_on < start_rates.valid_before
inner join
    {{ ref('int_billing_exchange_rates') }} as end_rates
    on balances.currency = end_rates.currency
    and balances.end_on >= end_rates.valid_from
    and balances.end_on < end_rates.valid_before
group by balances.account_id, balances.month, balances.start_on, balances.end_on
