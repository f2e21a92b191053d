-- Live tickets, with the organisation of the ticket or else of its requester.
with

    tickets as (select * from {{ source('zendesk', 'ticket') }} where coalesce(_fivetran_deleted, false) = false),

    users as (select * from {{ source('zendesk', 'user') }}),

    limit_tickets as (

        select distinct tags.ticket_id
        from {{ source('zendesk', 'ticket_tag') }} as tags
        inner join {{ ref('limit_tags') }} as limit_tags on lower(tags.tag) = lower(limit_tags.tag)

    )

select
    tickets.id as ticket_id,
    cast(coalesce(tickets.organization_id, users.organization_id) as varchar) as organization_id,
    tickets.status,
    tickets.priority,
    limit_tickets.ticket_id is not null as is_about_limits,
    tickets.created_at
from tickets
left join users on tickets.requester_id = users.id
left join limit_tickets on tickets.id = limit_tickets.ticket_id
