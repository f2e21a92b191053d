select id, status, priority, created_at
from raw_zendesk.ticket
