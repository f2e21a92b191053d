-- Where the number of users with more than 20 usage hours in 7 days changes. A user's trailing sum rises on an active
-- day and falls 7 days later, so it is known from its changes alone.
with

    session_days as (

        select account_id, user_key, event_on, sum(session_microseconds) as session_microseconds
        from {{ ref('int_product_user_days') }}
        where user_key is not null and session_microseconds > 0
        group by account_id, user_key, event_on

    ),

    changes as (

        select account_id, user_key, event_on as changed_on, session_microseconds as change
        from session_days
        union all
        select account_id, user_key, {{ add_days('event_on', 7) }} as changed_on, - session_microseconds as change
        from session_days

    ),

    daily as (

        select account_id, user_key, changed_on, sum(change) as change
        from changes
        group by account_id, user_key, changed_on

    ),

    levels as (

        select
            account_id,
            user_key,
            changed_on,
            {{ running_sum('change', 'account_id, user_key', 'changed_on') }} > 72000000000 as is_power_user
        from daily

    ),

    compared as (

        select
            *,
            coalesce(
                lag(is_power_user) over (partition by account_id, user_key order by changed_on), false
            ) as was_power_user
        from levels

    )

select account_id, changed_on, sum(case when is_power_user then 1 else -1 end) as change
from compared
where is_power_user <> was_power_user
group by account_id, changed_on
