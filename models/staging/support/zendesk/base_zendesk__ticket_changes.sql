select ticket_id, field_name, value, updated as changed_at
from {{ source('zendesk', 'ticket_field_history') }}
where field_name in ('status', 'priority')
