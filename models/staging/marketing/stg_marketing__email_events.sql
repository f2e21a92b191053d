-- Events of every marketing vendor, each once by id: where two vendors tell the same event the first one's word counts.
-- Each with the account of its contact; a vendor that names no contact names the recipient.
with

    generic as (

        select id as event_id, contact_id, email, event_type, occurred_at
        from {{ source('generic', 'marketing_email_events') }}

    ),

    events as ({{ vendor_rows('marketing', {'generic': 'generic', 'hubspot': ref('base_hubspot__email_events')}) }}),

    numbered as (

        select *, row_number() over (partition by event_id order by vendor_rank, occurred_at, event_type) as copy_number
        from events

    ),

    contacts as (select contact_id, account_id, lower(email) as email from {{ ref('stg_crm__contacts') }}),

    contact_emails as (

        select email, max(account_id) as account_id
        from contacts
        where email is not null
        group by email
        having count(distinct account_id) = 1

    )

select
    numbered.event_id,
    numbered.vendor,
    coalesce(contacts.account_id, contact_emails.account_id) as account_id,
    numbered.event_type,
    numbered.occurred_at
from numbered
left join contacts on numbered.contact_id = contacts.contact_id
left join contact_emails on numbered.contact_id is null and lower(numbered.email) = contact_emails.email
where numbered.copy_number = 1
