-- Clicks in marketing e-mails, each once by id, with the account of the contact.
with

events as (

    select
        *,
        row_number() over (partition by id order by occurred_at) as copy_number
    from {{ source('generic', 'marketing_email_events') }}

),

contacts as (

    select contact_id, account_id, lower(email) as email from {{ ref('stg_crm__contacts') }}

),

contact_emails as (

    select email, max(account_id) as account_id
    from contacts
    where email is not null
    group by email
    having count(distinct account_id) = 1

)

select
    coalesce(contacts.account_id, contact_emails.account_id) as account_id,
    events.occurred_at as clicked_at
from events
left join contacts on events.contact_id = contacts.contact_id
left join contact_emails on events.contact_id is null and lower(events.email) = contact_emails.email
where
    events.copy_number = 1
    and events.event_type = 'click'
    and coalesce(contacts.account_id, contact_emails.account_id) is not null
