-- One sort by account, user and time gives the sessions, of numbers alone: the account's id is joined to what is left.
with

    events as (select account_key, user_key, event_on, event_at from {{ ref('int_product_events') }}),

    accounts as (

        select distinct account_key, account_id from {{ ref('int_identity_matches') }} where account_id is not null

    ),

    gaps as (

        select
            account_key,
            user_key,
            event_on,
            case
                when user_key is not null
                then
                    {{ microseconds_between(
                    'lag(event_at) over (partition by account_key, user_key order by event_at)', 'event_at'
                ) }}
            end as gap_microseconds
        from events

    ),

    user_days as (

        select
            account_key,
            user_key,
            event_on,
            count(*) as events,
            -- 30 minutes, both ends in; a gap belongs to the day of its later event.
            cast(
                sum(case when gap_microseconds <= 1800000000 then gap_microseconds else 0 end) as bigint
            ) as session_microseconds
        from gaps
        group by account_key, user_key, event_on

    )

select
    accounts.account_id,
    user_days.account_key,
    user_days.user_key,
    user_days.event_on,
    user_days.events,
    user_days.session_microseconds
from user_days
inner join accounts on user_days.account_key = accounts.account_key
