-- Users and teams that were seen for the first time.
with

    user_arrivals as (

        select account_id, first_event_on, count(*) as arrivals
        from
            (
                select account_id, user_key, min(event_on) as first_event_on
                from {{ ref('int_product_user_days') }}
                where user_key is not null
                group by account_id, user_key
            ) as users
        group by account_id, first_event_on

    ),

    team_arrivals as (

        select account_id, first_event_on, count(*) as arrivals
        from
            (
                select account_id, team_id, min(event_on) as first_event_on
                from {{ ref('int_product_feature_uses') }}
                where team_id is not null
                group by account_id, team_id
            ) as teams
        group by account_id, first_event_on

    ),

    account_days as (select * from {{ ref('int_product_account_days') }}),

    counted as (

        select
            account_days.account_id,
            account_days.signal_on,
            account_days.horizon_on,
            {{ trailing_sum('coalesce(user_arrivals.arrivals, 0)', 30, 'account_days.account_id', 'account_days.signal_on') }}
            as users_added,
            {{ trailing_sum('coalesce(team_arrivals.arrivals, 0)', 30, 'account_days.account_id', 'account_days.signal_on') }}
            as teams_added
        from account_days
        left join
            user_arrivals
            on account_days.account_id = user_arrivals.account_id
            and account_days.signal_on = user_arrivals.first_event_on
        left join
            team_arrivals
            on account_days.account_id = team_arrivals.account_id
            and account_days.signal_on = team_arrivals.first_event_on

    )

select
    account_id,
    signal_on,
    cast({{ observed('users_added', 30, 'horizon_on') }} as bigint) as users_added_30d,
    cast({{ observed('teams_added', 30, 'horizon_on') }} as bigint) as teams_added_30d
from counted
