-- Clicks in marketing e-mails, with the account of the contact; a vendor that names no contact names the recipient.
with

    clicks as (select * from {{ ref('stg_marketing__email_events') }} where event_type = 'click'),

    contacts as (select contact_id, account_id, lower(email) as email from {{ ref('stg_crm__contacts') }}),

    contact_emails as (

        select email, max(account_id) as account_id
        from contacts
        where email is not null
        group by email
        having count(distinct account_id) = 1

    )

select coalesce(contacts.account_id, contact_emails.account_id) as account_id, clicks.occurred_at as clicked_at
from clicks
left join contacts on clicks.contact_id = contacts.contact_id
left join contact_emails on clicks.contact_id is null and lower(clicks.email) = contact_emails.email
where coalesce(contacts.account_id, contact_emails.account_id) is not null
