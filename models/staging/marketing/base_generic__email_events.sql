select
    {{ known_id('id') }} as event_id,
    {{ known_id('contact_id') }} as contact_id,
    {{ plain_address('email') }} as email,
    lower({{ known_text('event_type') }}) as event_type,
    occurred_at
from {{ source('generic', 'marketing_email_events') }}
