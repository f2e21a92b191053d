-- Clicks in marketing e-mails, with the account of the contact; a vendor that names no contact names the recipient. Ids
-- and addresses from before a merge are the survivor's.
with

    clicks as (select * from {{ ref('stg_marketing__email_events') }} where event_type = 'click'),

    contacts as (

        select contact_id, account_id, {{ plain_address('email') }} as email from {{ ref('stg_crm__contacts') }}

    ),

    aliases as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__contact_aliases'),
        'hubspot': ref('base_hubspot__contact_aliases'),
    }) }}

    ),

    -- A survivor may have been merged in its turn.
    survivors as (

        select
            aliases.alias_contact_id,
            aliases.alias_email,
            coalesce(contacts.account_id, later_contacts.account_id) as account_id
        from aliases
        left join contacts on aliases.contact_id = contacts.contact_id
        left join aliases as later_aliases on aliases.contact_id = later_aliases.alias_contact_id
        left join contacts as later_contacts on later_aliases.contact_id = later_contacts.contact_id
        where coalesce(contacts.account_id, later_contacts.account_id) is not null

    ),

    contact_ids as (

        select contact_id, account_id
        from contacts
        union
        select alias_contact_id as contact_id, account_id
        from survivors
        where alias_contact_id is not null

    ),

    accounts_of_ids as (

        select contact_id, max(account_id) as account_id
        from contact_ids
        group by contact_id
        having count(distinct account_id) = 1

    ),

    contact_emails as (

        select email, account_id
        from contacts
        where email is not null
        union
        select alias_email as email, account_id
        from survivors
        where alias_email is not null

    ),

    accounts_of_emails as (

        select email, max(account_id) as account_id
        from contact_emails
        group by email
        having count(distinct account_id) = 1

    )

select
    coalesce(accounts_of_ids.account_id, accounts_of_emails.account_id) as account_id, clicks.occurred_at as clicked_at
from clicks
left join accounts_of_ids on clicks.contact_id = accounts_of_ids.contact_id
left join accounts_of_emails on clicks.contact_id is null and clicks.email = accounts_of_emails.email
where coalesce(accounts_of_ids.account_id, accounts_of_emails.account_id) is not null
