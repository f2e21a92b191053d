-- Every id and address that leads to one account's contacts: their own, and those of the contacts that were merged into
-- them.
with

    contacts as (

        select contact_id, account_id, {{ plain_address('email') }} as email from {{ ref('stg_crm__contacts') }}

    ),

    salesforce_contacts as ({{ current_rows(source('salesforce', 'contact')) }}),

    salesforce as (

        select
            {{ known_id('master_record_id') }} as contact_id,
            {{ known_id('id') }} as alias_contact_id,
            {{ plain_address('email') }} as alias_email
        from salesforce_contacts
        where {{ known_id('master_record_id') }} is not null

    ),

    aliases as (

        {{ vendor_rows('crm', {'salesforce': 'salesforce', 'hubspot': ref('base_hubspot__contact_aliases')}) }}

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

    keys as (

        select 'contact_id' as key_type, contact_id as key_value, account_id
        from contacts
        union
        select 'contact_id' as key_type, alias_contact_id as key_value, account_id
        from survivors
        union
        select 'email' as key_type, email as key_value, account_id
        from contacts
        union
        select 'email' as key_type, alias_email as key_value, account_id
        from survivors

    )

select key_type, key_value, max(account_id) as account_id
from keys
where key_value is not null
group by key_type, key_value
having count(distinct account_id) = 1
