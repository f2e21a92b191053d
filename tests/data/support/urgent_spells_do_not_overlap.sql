-- A ticket is open and urgent once at a time, from when it was opened and not later than as_of.
with

    followed as (

        select spells.*, lead(spells.from_at) over (partition by spells.ticket_id order by spells.from_at) as next_from
        from {{ ref('int_urgent_ticket_spells') }} as spells

    )

select followed.ticket_id, followed.from_at, followed.to_at, followed.next_from
from followed
inner join {{ ref('int_support_tickets') }} as tickets on followed.ticket_id = tickets.ticket_id
cross join {{ ref('int_clock') }} as clock
where
    followed.from_at < tickets.created_at
    or followed.from_at > clock.as_of
    or followed.to_at > clock.as_of
    or followed.to_at <= followed.from_at
    or followed.to_at > followed.next_from
    or (followed.to_at is null and followed.next_from is not null)
