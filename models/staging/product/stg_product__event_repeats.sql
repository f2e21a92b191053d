-- Ids that landed more than once, with the copy that counts. Few, so that the events need no join to themselves.
with

    copies as (

        select event_key, source_table, user_id, group_id, event_name, event_at, received_at
        from {{ ref('stg_product__event_copies') }}

    ),

    repeated as (select event_key, count(*) as copies from copies group by event_key having count(*) > 1),

    ranked as (

        select
            copies.*,
            repeated.copies,
            row_number() over (
                partition by copies.event_key
                order by
                    copies.received_at,
                    copies.event_at,
                    copies.source_table,
                    copies.user_id nulls last,
                    copies.group_id nulls last,
                    copies.event_name nulls last
            ) as copy_number
        from copies
        inner join repeated on copies.event_key = repeated.event_key

    )

select
    event_key,
    copies,
    source_table,
    user_id,
    case when user_id is not null then {{ hash_key('user_id') }} end as user_key,
    group_id,
    event_name,
    event_at,
    received_at
from ranked
where copy_number = 1
