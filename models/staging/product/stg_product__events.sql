-- Every product event once, by the copy that was received first.
with

    copies as (select * from {{ ref('stg_product__event_copies') }}),

    repeats as (select * from {{ ref('stg_product__event_repeats') }}),

    single as (

        select copies.*
        from copies
        left join repeats on copies.event_key = repeats.event_key
        where repeats.event_key is null

    ),

    first_copies as (

        select source_table, event_key, user_id, user_key, group_id, event_name, event_at, received_at from repeats

    )

select source_table, event_key, user_id, user_key, group_id, event_name, event_at, received_at
from single
union all
select source_table, event_key, user_id, user_key, group_id, event_name, event_at, received_at
from first_copies
