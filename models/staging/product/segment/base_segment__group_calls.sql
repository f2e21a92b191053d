select id, user_id, group_id, name, website, storage_used_gb, timestamp as sent_at, received_at
from {{ source('segment', 'groups') }}
