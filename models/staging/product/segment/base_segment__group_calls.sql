-- A call that names no group says nothing of a user's.
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
