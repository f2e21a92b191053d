-- Where a role is told, and whether it is nobody: without person, queue or stand-in what it owns goes out by itself.
select
    role,
    channel,
    coalesce(person_field, '') = ''
    and coalesce(queue_email, '') = ''
    and coalesce(fallback_role, '') = '' as is_automatic
from {{ ref('roles') }}
