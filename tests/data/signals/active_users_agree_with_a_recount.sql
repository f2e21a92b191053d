-- The covers of 28 days against a plain count of distinct users, on the last closed day.
with

    clock as (select last_closed_on from {{ ref('int_clock') }}),

    recounted as (

        select user_days.account_id, count(distinct user_days.user_key) as active_users_28d
        from {{ ref('int_product_user_days') }} as user_days
        cross join clock
        where
            user_days.user_key is not null
            and user_days.event_on between {{ add_days('clock.last_closed_on', -27) }} and clock.last_closed_on
        group by user_days.account_id

    ),

    counted as (

        select active_users.account_id, active_users.active_users_28d
        from {{ ref('int_signals_active_users') }} as active_users
        inner join clock on active_users.signal_on = clock.last_closed_on

    )

select counted.account_id, counted.active_users_28d, recounted.active_users_28d as recounted_users
from counted
left join recounted on counted.account_id = recounted.account_id
where counted.active_users_28d <> coalesce(recounted.active_users_28d, 0)
