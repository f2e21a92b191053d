-- Signals that come from the calendar alone.
with

    account_days as (select account_id, signal_on, first_paid_on from {{ ref('int_account_billing_daily') }}),

    accounts as (

        select account_id, fiscal_year_end_month
        from {{ ref('stg_crm__accounts') }}
        where fiscal_year_end_month between 1 and 12

    ),

    year_ends as (

        select
            account_days.*,
            accounts.fiscal_year_end_month,
            cast(extract(year from account_days.signal_on) as integer) as this_year
        from account_days
        left join accounts on account_days.account_id = accounts.account_id

    ),

    dated as (

        select
            account_id,
            signal_on,
            first_paid_on,
            {{ last_day_of_month('this_year', 'fiscal_year_end_month') }} as this_year_end_on,
            {{ last_day_of_month('this_year + 1', 'fiscal_year_end_month') }} as next_year_end_on,
            {{ yearly_return('first_paid_on', 'this_year') }} as this_anniversary_on,
            {{ yearly_return('first_paid_on', 'this_year - 1') }} as last_anniversary_on
        from year_ends

    )

select
    account_id,
    signal_on,
    cast(
        {{ days_between(
        'signal_on', 'case when this_year_end_on >= signal_on then this_year_end_on else next_year_end_on end'
    ) }} as bigint
    ) as days_to_fiscal_year_end,
    -- Null until the first yearly return.
    cast(
        case
            when this_anniversary_on > first_paid_on and this_anniversary_on <= signal_on
            then {{ days_between('this_anniversary_on', 'signal_on') }}
            when last_anniversary_on > first_paid_on
            then {{ days_between('last_anniversary_on', 'signal_on') }}
        end as bigint
    ) as days_since_anniversary
from dated
