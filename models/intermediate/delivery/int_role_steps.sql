-- Whom a role stands for: itself, then the role that it falls back to, and so on; each role is asked once.
with

    roles as (
        select role, person_field, nullif(trim(fallback_role), '') as fallback_role, queue_email from {{ ref('roles') }}
    ),

    fallbacks as (select role as id, fallback_role as next_id from roles),

    stops as ({{ link_stops('fallbacks') | indent(4) }})

select stops.id as role, stops.step, roles.role as asked_role, roles.person_field, roles.queue_email
from stops
inner join roles on stops.stop_id = roles.role
