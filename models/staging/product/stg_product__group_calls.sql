with

    segment as (

        select id, user_id, group_id, name, website, storage_used_gb, timestamp as sent_at, received_at
        from {{ source('segment', 'groups') }}

    ),

    calls as ({{ vendor_rows('product', {'segment': 'segment'}) }}),

    first_copies as ({{ first_copies('calls', ['group_id', 'user_id', 'name', 'website', 'storage_used_gb']) }})

select
    id,
    group_id,
    user_id,
    case when user_id is not null then {{ hash_key('user_id') }} end as user_key,
    name,
    website,
    storage_used_gb,
    event_at,
    received_at
from first_copies
