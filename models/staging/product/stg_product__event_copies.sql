-- The one read of the raw events. Everything later reads this table, which has the narrow columns only.
with

    events as (select * from {{ ref('base_segment__events') }}),

    placed as (

        select
            source_table,
            {{ hash_key('id') }} as event_key,
            user_id,
            {{ hash_key('user_id') }} as user_key,
            context_group_id as group_id,
            event_name,
            -- A client's clock may run ahead; nothing happens after it was received.
            least(timestamp, received_at) as event_at,
            received_at
        from events

    )

select
    source_table,
    event_key,
    user_id,
    case when user_id is not null then user_key end as user_key,
    group_id,
    event_name,
    event_at,
    received_at
from placed
