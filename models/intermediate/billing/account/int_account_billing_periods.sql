with

    spans as (select * from {{ ref('int_billing_item_spans') }} where closes_from < closes_until),

    exchange_rates as (select * from {{ ref('int_billing_exchange_rates') }}),

    account_spans as (

        select account_id, currency, min(closes_from) as closes_from, max(closes_until) as closes_until
        from spans
        group by account_id, currency

    ),

    -- The days on which anything of an account can differ from the day before.
    turns as (

        select account_id, closes_from as billed_from
        from spans

        union

        select account_id, closes_until as billed_from
        from spans

        union

        select account_spans.account_id, exchange_rates.valid_from as billed_from
        from account_spans
        inner join
            exchange_rates
            on account_spans.currency = exchange_rates.currency
            and account_spans.closes_from < exchange_rates.valid_from
            and account_spans.closes_until > exchange_rates.valid_from

    ),

    periods as (

        select
            account_id,
            billed_from,
            lead(billed_from) over (partition by account_id order by billed_from) as billed_until
        from turns

    )

select
    periods.account_id,
    periods.billed_from,
    periods.billed_until,
    spans.logical_item_id,
    spans.currency,
    spans.in_force_from,
    spans.tier,
    spans.tier_rank,
    spans.is_seat_priced,
    spans.quantity,
    spans.mrr as mrr_native,
    cast(spans.mrr as double) * exchange_rates.rate as mrr,
    spans.included_usage_30d,
    spans.included_storage_gb,
    spans.intervals_a_year,
    spans.renews_on
from periods
inner join
    spans
    on periods.account_id = spans.account_id
    and periods.billed_from >= spans.closes_from
    and periods.billed_from < spans.closes_until
inner join
    exchange_rates
    on spans.currency = exchange_rates.currency
    and periods.billed_from >= exchange_rates.valid_from
    and periods.billed_from < exchange_rates.valid_until
