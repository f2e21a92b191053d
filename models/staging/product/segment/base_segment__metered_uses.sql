select
    {{ known_id('id') }} as id,
    {{ known_id('user_id') }} as user_id,
    {{ known_id('context_group_id') }} as group_id,
    quantity,
    timestamp as sent_at,
    received_at
from {{ source('segment', 'api_usage') }}
