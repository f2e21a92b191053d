-- Live tickets, with the organisation of the ticket or else of its requester.
select
    tickets.id as ticket_id,
    cast(coalesce(tickets.organization_id, users.organization_id) as {{ dbt.type_string() }}) as organization_id,
    tickets.status,
    tickets.priority,
    tickets.created_at
from {{ source('zendesk', 'ticket') }} as tickets
left join {{ source('zendesk', 'user') }} as users on tickets.requester_id = users.id
where coalesce(tickets._fivetran_deleted, false) = false
