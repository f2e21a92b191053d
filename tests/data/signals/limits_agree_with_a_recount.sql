-- Days to the seat limit against the pairs themselves, sorted, on the last closed day: every 14 days apart within 28.
with

    clock as (select last_closed_on from {{ ref('int_clock') }}),

    counted as (

        select limits.account_id, limits.days_to_seat_limit
        from {{ ref('int_signals_limits') }} as limits
        inner join clock on limits.signal_on = clock.last_closed_on

    ),

    users as (

        select account_days.account_id, account_days.signal_on, active_users.active_users_28d
        from {{ ref('int_product_account_days') }} as account_days
        inner join
            {{ ref('int_signals_active_users') }} as active_users
            on account_days.account_id = active_users.account_id
            and account_days.signal_on = active_users.signal_on
        where {{ days_between('account_days.first_event_on', 'account_days.signal_on') }} >= 27

    ),

    pairs as (

        select
            later.account_id,
            later.active_users_28d - earlier.active_users_28d as change,
            row_number() over (
                partition by later.account_id
                order by later.active_users_28d - earlier.active_users_28d, later.signal_on
            ) as place
        from users as later
        inner join clock on later.signal_on between {{ add_days('clock.last_closed_on', -13) }} and clock.last_closed_on
        inner join
            users as earlier
            on later.account_id = earlier.account_id
            and {{ days_between('earlier.signal_on', 'later.signal_on') }} = 14
        where later.active_users_28d is not null and earlier.active_users_28d is not null

    ),

    paces as (

        select account_id, sum(case when place in (7, 8) then change end) as middle_two
        from pairs
        group by account_id
        having count(*) = 14

    ),

    recounted as (

        select
            billing.account_id,
            case
                when users.active_users_28d >= billing.seats_licensed
                then 0
                -- Two medians of a fortnight, so 28 days of pace, in whole numbers, rounded up.
                when paces.middle_two > 0
                then ceil(28.0e0 * (billing.seats_licensed - users.active_users_28d) / paces.middle_two - 0.0000005e0)
            end as days_to_seat_limit
        from {{ ref('int_account_billing_daily') }} as billing
        inner join clock on billing.signal_on = clock.last_closed_on
        inner join
            {{ ref('int_signals_active_users') }} as users
            on billing.account_id = users.account_id
            and billing.signal_on = users.signal_on
        left join paces on billing.account_id = paces.account_id

    )

select account_id, counted.days_to_seat_limit, recounted.days_to_seat_limit as recounted_days
from counted
left join recounted using (account_id)
where
    (counted.days_to_seat_limit is null) <> (recounted.days_to_seat_limit is null)
    or counted.days_to_seat_limit <> recounted.days_to_seat_limit
