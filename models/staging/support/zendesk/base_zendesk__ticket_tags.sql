select ticket_id, tag from {{ source('zendesk', 'ticket_tag') }}
