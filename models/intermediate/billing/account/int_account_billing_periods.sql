with

    line_states as (select * from {{ ref('int_billing_line_states') }} where first_close_on <= last_close_on),

    exchange_rates as (select * from {{ ref('int_billing_exchange_rates') }}),

    account_spans as (

        select account_id, currency, min(first_close_on) as first_close_on, max(last_close_on) as last_close_on
        from line_states
        group by account_id, currency

    ),

    -- The days on which anything of an account can differ from the day before.
    turns as (

        select account_id, first_close_on as from_on
        from line_states

        union

        select account_id, {{ add_days('last_close_on', 1) }} as from_on
        from line_states

        union

        select account_spans.account_id, exchange_rates.valid_from as from_on
        from account_spans
        inner join
            exchange_rates
            on account_spans.currency = exchange_rates.currency
            and account_spans.first_close_on < exchange_rates.valid_from
            and account_spans.last_close_on >= exchange_rates.valid_from

    ),

    periods as (

        select
            account_id,
            from_on,
            {{ add_days('lead(from_on) over (partition by account_id order by from_on)', -1) }} as until_on
        from turns

    )

select
    periods.account_id,
    periods.from_on,
    periods.until_on,
    line_states.logical_item_id,
    line_states.currency,
    line_states.started_at,
    line_states.tier,
    line_states.tier_rank,
    line_states.is_seat_priced,
    line_states.quantity,
    line_states.mrr as mrr_native,
    cast(line_states.mrr as double) * exchange_rates.rate as mrr_usd,
    line_states.included_usage_30d,
    line_states.included_storage_gb,
    line_states.renews_on
from periods
inner join
    line_states
    on periods.account_id = line_states.account_id
    and periods.from_on >= line_states.first_close_on
    and periods.from_on <= line_states.last_close_on
inner join
    exchange_rates
    on line_states.currency = exchange_rates.currency
    and periods.from_on >= exchange_rates.valid_from
    and periods.from_on < exchange_rates.valid_before
