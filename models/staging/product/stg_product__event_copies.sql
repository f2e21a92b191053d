-- The one read of the raw events. Everything later reads this table, which has the narrow columns only.
with events as ({{ vendor_rows('product', {'segment': ref('base_segment__events')}) }})

select
    source_table,
    {{ hash_key('id') }} as event_key,
    user_id,
    case when user_id is not null then {{ hash_key('user_id') }} end as user_key,
    group_id,
    event_name,
    -- A client's clock may run ahead; nothing happens after it was received.
    least(sent_at, received_at) as event_at,
    received_at
from events
