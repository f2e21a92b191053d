-- One sort by account, user and time gives the sessions; the result is a row an account, user, day and raw event.
with

    events as (select * from {{ ref('int_product_events') }}),

    gaps as (

        select
            account_id,
            account_key,
            user_key,
            event_on,
            source_table,
            event_name,
            case
                when user_key is not null
                then
                    {{ microseconds_between(
                    'lag(event_at) over (partition by account_key, user_key order by event_at)', 'event_at'
                ) }}
            end as gap_microseconds
        from events

    )

select
    account_id,
    account_key,
    user_key,
    event_on,
    source_table,
    event_name,
    count(*) as events,
    -- 30 minutes, both ends in; a gap belongs to the day of its later event.
    cast(
        sum(case when gap_microseconds <= 1800000000 then gap_microseconds else 0 end) as bigint
    ) as session_microseconds
from gaps
group by account_id, account_key, user_key, event_on, source_table, event_name
