-- The trailing seven days and the changes of power users against a plain sum a user, on the last closed day.
with

    clock as (select last_closed_on from {{ ref('int_clock') }}),

    users as (

        select user_days.account_id, user_days.user_key, sum(user_days.session_microseconds) as session_microseconds
        from {{ ref('int_product_user_days') }} as user_days
        cross join clock
        where
            user_days.user_key is not null
            and user_days.event_on between {{ add_days('clock.last_closed_on', -6) }} and clock.last_closed_on
        group by user_days.account_id, user_days.user_key

    ),

    recounted as (

        select
            account_id,
            {{ ratio('sum(session_microseconds)', '3600000000') }} as usage_hours_7d,
            sum(case when session_microseconds > 72000000000 then 1 else 0 end) as power_users
        from users
        group by account_id

    ),

    counted as (

        select usage_hours.account_id, usage_hours.usage_hours_7d, usage_hours.power_users
        from {{ ref('int_signals_usage_hours') }} as usage_hours
        inner join clock on usage_hours.signal_on = clock.last_closed_on

    )

select counted.account_id, counted.usage_hours_7d, recounted.usage_hours_7d as recounted_hours
from counted
left join recounted on counted.account_id = recounted.account_id
where
    counted.usage_hours_7d <> coalesce(recounted.usage_hours_7d, 0)
    or counted.power_users <> coalesce(recounted.power_users, 0)
