-- A call that names no group says nothing of a user's.
with

    segment as (

        select
            {{ known_id('id') }} as id,
            {{ known_id('group_id') }} as group_id,
            {{ known_id('user_id') }} as user_id,
            {{ known_text('name') }} as name,
            {{ known_text('website') }} as website,
            storage_used_gb,
            timestamp as sent_at,
            received_at
        from {{ source('segment', 'groups') }}
        where {{ known_id('group_id') }} is not null

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
