-- Ids that landed more than once, with the copies that count: the first, and each that came more than dedup_days after
-- the one that counted before it. Few, so that the events need no join to themselves.
with

    copies as (

        select event_key, source_table, user_id, group_id, event_name, event_at, received_at
        from {{ ref('stg_product__event_copies') }}

    ),

    repeated as (

        select event_key, count(*) as copies, min(received_at) as first_received_at
        from copies
        group by event_key
        having count(*) > 1

    ),

    receipts as (

        select distinct
            '' as trigger_id,
            copies.event_key as account_id,
            copies.received_at as event_at,
            {{ var('dedup_days') * 24 * 60 }} as burst_minutes
        from copies
        inner join repeated on copies.event_key = repeated.event_key

    ),

    -- What belongs to one copy that counts stands together as a burst does.
    counted as ({{ opened_bursts('receipts') | indent(4) }}),

    ranked as (

        select
            copies.*,
            copies.received_at > repeated.first_received_at as is_late_repeat,
            repeated.copies,
            row_number() over (
                partition by copies.event_key, copies.received_at
                order by
                    copies.event_at,
                    copies.source_table,
                    copies.user_id nulls last,
                    copies.group_id nulls last,
                    copies.event_name nulls last
            ) as copy_number
        from copies
        inner join repeated on copies.event_key = repeated.event_key
        inner join counted on copies.event_key = counted.account_id and copies.received_at = counted.event_at

    )

select
    event_key,
    is_late_repeat,
    case when is_late_repeat = false then copies end as copies,
    source_table,
    user_id,
    case when user_id is not null then {{ hash_key('user_id') }} end as user_key,
    group_id,
    event_name,
    event_at,
    received_at
from ranked
where copy_number = 1
