-- Days until a limit is met at the pace of the last 28 days: the median of the changes over a fortnight that lie within
-- them, which one odd day, a weekend or a single step does not move.
with

    account_days as (select account_id, signal_on, first_event_on from {{ ref('int_product_account_days') }}),

    users as (
        select account_id, signal_on, active_users_28d, seat_utilisation from {{ ref('int_signals_active_users') }}
    ),

    consumption as (

        select account_id, signal_on, metered_use_30d, quota_utilisation_30d from {{ ref('int_signals_consumption') }}

    ),

    billing as (

        select account_id, signal_on, seats_licensed, included_usage_30d from {{ ref('int_account_billing_daily') }}

    ),

    measured as (

        select
            account_days.account_id,
            account_days.signal_on,
            users.seat_utilisation,
            consumption.quota_utilisation_30d,
            -- A window that is still filling up grows by itself.
            {{ observed('users.active_users_28d', 28, 'account_days.first_event_on', 'account_days.signal_on') }}
            as users,
            {{ observed('consumption.metered_use_30d', 30, 'account_days.first_event_on', 'account_days.signal_on') }}
            as metered_use
        from account_days
        inner join users on account_days.account_id = users.account_id and account_days.signal_on = users.signal_on
        inner join
            consumption
            on account_days.account_id = consumption.account_id
            and account_days.signal_on = consumption.signal_on

    ),

    changed as (

        -- The grid is dense, so 14 rows back are 14 days back.
        select
            *,
            users - lag(users, 14) over (partition by account_id order by signal_on) as users_change,
            metered_use - lag(metered_use, 14) over (partition by account_id order by signal_on) as metered_use_change
        from measured

    ),

    paced as (

        select
            *,
            {{ trailing_median('users_change', 14) }} as users_pace,
            {{ trailing_median('metered_use_change', 14) }} as metered_use_pace
        from changed

    )

select
    paced.account_id,
    paced.signal_on,
    {{ days_to_limit('paced.users', 'billing.seats_licensed', 'paced.seat_utilisation', 'paced.users_pace', 14) }}
    as days_to_seat_limit,
    {{ days_to_limit(
        'paced.metered_use', 'billing.included_usage_30d', 'paced.quota_utilisation_30d', 'paced.metered_use_pace', 14
    ) }} as days_to_quota_limit
from paced
inner join billing on paced.account_id = billing.account_id and paced.signal_on = billing.signal_on
