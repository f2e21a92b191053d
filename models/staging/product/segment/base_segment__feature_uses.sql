select
    {{ known_id('id') }} as id,
    {{ known_id('user_id') }} as user_id,
    {{ known_id('context_group_id') }} as group_id,
    feature,
    {{ known_id('team_id') }} as team_id,
    timestamp as sent_at,
    received_at
from {{ source('segment', 'feature_used') }}
