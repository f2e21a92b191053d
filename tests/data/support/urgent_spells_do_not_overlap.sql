-- A ticket is open and urgent once at a time, from when it was opened and not later than as_of.
with

    followed as (

        select
            spells.*,
            lead(spells.urgent_from) over (partition by spells.ticket_id order by spells.urgent_from) as next_from
        from {{ ref('int_urgent_ticket_spells') }} as spells

    )

select followed.ticket_id, followed.urgent_from, followed.urgent_until, followed.next_from
from followed
inner join {{ ref('int_support_tickets') }} as tickets on followed.ticket_id = tickets.ticket_id
cross join {{ ref('int_clock') }} as clock
where
    followed.urgent_from < tickets.created_at
    or followed.urgent_from > clock.as_of
    or followed.urgent_until > clock.as_of
    or followed.urgent_until <= followed.urgent_from
    or followed.urgent_until > followed.next_from
    or (followed.urgent_until is null and followed.next_from is not null)
