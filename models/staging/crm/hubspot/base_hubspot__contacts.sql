-- Live contacts, at the company that they are associated with first.
with

    contacts as (select *, {{ known_id('id') }} as contact_id from {{ source('hubspot', 'contact') }}),

    merged_contacts as (

        select distinct alias_contact_id
        from {{ ref('base_hubspot__contact_aliases') }}
        where alias_contact_id is not null

    )

select
    contacts.contact_id,
    {{ known_id('contacts.property_associatedcompanyid') }} as account_id,
    contacts.property_email as email,
    contacts.property_firstname as first_name,
    contacts.property_jobtitle as title,
    contacts.property_createdate as created_at,
    coalesce(contacts.property_hs_email_optout, false) = false
    and coalesce(contacts.property_hs_email_bad_address, false) = false
    and coalesce(contacts.property_hs_email_hard_bounce_reason_enum, '') = '' as is_mailable
from contacts
left join merged_contacts on contacts.contact_id = merged_contacts.alias_contact_id
where
    coalesce(contacts.is_deleted, false) = false
    and coalesce(contacts._fivetran_deleted, false) = false
    and merged_contacts.alias_contact_id is null
