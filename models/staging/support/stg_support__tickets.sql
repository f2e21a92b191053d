-- Live tickets of every help desk, and whether a tag says that a limit was reached.
with

    tickets as ({{ vendor_rows('support', {'zendesk': ref('base_zendesk__tickets')}) }}),

    tags as ({{ vendor_rows('support', {'zendesk': source('zendesk', 'ticket_tag')}) }}),

    limit_tickets as (

        select distinct tags.ticket_id
        from tags
        inner join {{ ref('limit_tags') }} as limit_tags on lower(coalesce(tags.tag, tags.tags)) = lower(limit_tags.tag)

    )

select
    tickets.ticket_id,
    tickets.organization_id,
    tickets.status,
    tickets.priority,
    limit_tickets.ticket_id is not null as is_about_limits,
    tickets.created_at
from tickets
left join limit_tickets on tickets.ticket_id = limit_tickets.ticket_id
