-- Changes of status and priority, words that Zendesk spells in lower case.
select ticket_id, lower(field_name) as field_name, lower({{ known_text('value') }}) as value, updated as changed_at
from {{ source('zendesk', 'ticket_field_history') }}
where lower(field_name) in ('status', 'priority')
