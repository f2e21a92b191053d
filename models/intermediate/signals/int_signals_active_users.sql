with

    user_days as (

        select distinct account_id, user_key, event_on
        from {{ ref('int_product_user_days') }}
        where user_key is not null

    ),

    weekend_user_days as (select * from user_days where {{ day_of_week('event_on') }} in (0, 6)),

    account_days as (select * from {{ ref('int_product_account_days') }}),

    billing as (select account_id, signal_on, seats_licensed from {{ ref('int_account_billing_daily') }}),

    changes as ({{ distinct_cover_changes('user_days', ['account_id'], ['user_key'], 'event_on', 28) }}),

    weekend_changes as (

        {{ distinct_cover_changes('weekend_user_days', ['account_id'], ['user_key'], 'event_on', 28) }}

    ),

    counted as (

        select
            account_days.account_id,
            account_days.signal_on,
            account_days.horizon_on,
            coalesce(
                {{ running_sum('changes.change', 'account_days.account_id', 'account_days.signal_on') }}, 0
            ) as active_users,
            coalesce(
                {{ running_sum('weekend_changes.change', 'account_days.account_id', 'account_days.signal_on') }}, 0
            ) as weekend_active_users
        from account_days
        left join
            changes on account_days.account_id = changes.account_id and account_days.signal_on = changes.changed_on
        left join
            weekend_changes
            on account_days.account_id = weekend_changes.account_id
            and account_days.signal_on = weekend_changes.changed_on

    ),

    measured as (

        select
            account_id,
            signal_on,
            cast({{ observed('active_users', 28, 'horizon_on') }} as bigint) as active_users_28d,
            cast({{ observed('weekend_active_users', 28, 'horizon_on') }} as bigint) as weekend_active_users_28d
        from counted

    ),

    compared as (

        -- The grid is dense, so 28 rows back are 28 days back.
        select *, lag(active_users_28d, 28) over (partition by account_id order by signal_on) as active_users_28d_before
        from measured

    )

select
    compared.account_id,
    compared.signal_on,
    compared.active_users_28d,
    compared.weekend_active_users_28d,
    {{ ratio('compared.active_users_28d', 'billing.seats_licensed') }} as seat_utilisation,
    case
        when compared.active_users_28d_before >= 5
        then
            {{ ratio('(compared.active_users_28d - compared.active_users_28d_before)', 'compared.active_users_28d_before') }}
    end as active_users_growth_28d
from compared
left join billing on compared.account_id = billing.account_id and compared.signal_on = billing.signal_on
