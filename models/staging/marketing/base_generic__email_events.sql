select id as event_id, contact_id, email, event_type, occurred_at from {{ source('generic', 'marketing_email_events') }}
