-- Live tickets, with the organisation of the ticket or else of its requester. Neither a deleted ticket is one nor one
-- that was merged into another, which its own tag tells or the list of the ticket that took it in.
with

    tickets as (select * from {{ source('zendesk', 'ticket') }}),

    listed as (

        select id, {{ words_of(replace_pattern('merged_ticket_ids', '[^0-9]+', ' ')) }} as merged_ticket_id
        from tickets
        where merged_ticket_ids is not null

    ),

    merged_tickets as (

        select merged_ticket_id as ticket_id
        from listed
        where merged_ticket_id <> '' and merged_ticket_id <> {{ as_text('id') }}
        union
        select {{ as_text('ticket_id') }} as ticket_id
        from {{ source('zendesk', 'ticket_tag') }}
        where lower({{ trimmed('coalesce(tag, tags)') }}) = 'closed_by_merge'

    )

select
    tickets.id as ticket_id,
    {{ known_id('coalesce(tickets.organization_id, users.organization_id)') }} as organization_id,
    lower({{ known_text('tickets.status') }}) as status,
    lower({{ known_text('tickets.priority') }}) as priority,
    tickets.created_at
from tickets
left join {{ source('zendesk', 'user') }} as users on tickets.requester_id = users.id
left join merged_tickets on {{ as_text('tickets.id') }} = merged_tickets.ticket_id
where
    coalesce(tickets._fivetran_deleted, false) = false
    and coalesce(lower({{ trimmed('tickets.status') }}), '') <> 'deleted'
    and merged_tickets.ticket_id is null
