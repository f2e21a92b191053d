-- Session hours of an account, and how many of its users have more than 20 of them in 7 days.
with

    user_days as (

        select account_id, user_key, event_on, sum(session_microseconds) as session_microseconds
        from {{ ref('int_product_user_days') }}
        where user_key is not null and session_microseconds > 0
        group by account_id, user_key, event_on

    ),

    session_days as (

        select account_id, event_on, sum(session_microseconds) as session_microseconds
        from user_days
        group by account_id, event_on

    ),

    -- A user's trailing sum rises on an active day and falls 7 days later, so it is known from its changes alone.
    user_changes as (

        select account_id, user_key, changed_on, sum(change) as change
        from
            (
                select account_id, user_key, event_on as changed_on, session_microseconds as change
                from user_days
                union all
                select
                    account_id, user_key, {{ add_days('event_on', 7) }} as changed_on, - session_microseconds as change
                from user_days
            ) as changes
        group by account_id, user_key, changed_on

    ),

    levels as (

        select
            account_id,
            user_key,
            changed_on,
            {{ running_sum('change', 'account_id, user_key', 'changed_on') }} > 72000000000 as is_power_user
        from user_changes

    ),

    compared as (

        select
            *,
            coalesce(
                lag(is_power_user) over (partition by account_id, user_key order by changed_on), false
            ) as was_power_user
        from levels

    ),

    power_user_changes as (

        select account_id, changed_on, sum(case when is_power_user then 1 else -1 end) as change
        from compared
        where is_power_user <> was_power_user
        group by account_id, changed_on

    ),

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
