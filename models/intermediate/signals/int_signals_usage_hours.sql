with

    session_days as (

        select account_id, event_on, sum(session_microseconds) as session_microseconds
        from {{ ref('int_product_user_days') }}
        where user_key is not null
        group by account_id, event_on

    ),

    power_user_changes as (select * from {{ ref('int_power_user_changes') }}),

    account_days as (select * from {{ ref('int_product_account_days') }}),

    counted as (

        select
            account_days.account_id,
            account_days.signal_on,
            account_days.horizon_on,
            {{ trailing_sum(
            'coalesce(session_days.session_microseconds, 0)', 7, 'account_days.account_id', 'account_days.signal_on'
        ) }} as session_microseconds,
            coalesce(
                {{ running_sum('power_user_changes.change', 'account_days.account_id', 'account_days.signal_on') }}, 0
            ) as power_users
        from account_days
        left join
            session_days
            on account_days.account_id = session_days.account_id
            and account_days.signal_on = session_days.event_on
        left join
            power_user_changes
            on account_days.account_id = power_user_changes.account_id
            and account_days.signal_on = power_user_changes.changed_on

    )

select
    account_id,
    signal_on,
    {{ observed(ratio('session_microseconds', '3600000000'), 7, 'horizon_on') }} as usage_hours_7d,
    cast({{ observed('power_users', 7, 'horizon_on') }} as bigint) as power_users
from counted
