select id, user_id, context_group_id as group_id, feature, team_id, timestamp as sent_at, received_at
from {{ source('segment', 'feature_used') }}
