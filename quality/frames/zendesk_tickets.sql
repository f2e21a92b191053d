select id, status, priority, created_at
from {{ source('zendesk', 'ticket') }}
