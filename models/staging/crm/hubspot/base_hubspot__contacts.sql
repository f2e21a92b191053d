-- Live contacts, at the company that they are associated with first.
with

    contacts as (select * from {{ source('hubspot', 'contact') }}),

    merged_contacts as (select merged_contact_id from {{ ref('base_hubspot__merged_contacts') }})

select
    contacts.id as contact_id,
    {{ hubspot_id('contacts.property_associatedcompanyid') }} as account_id,
    contacts.property_email as email,
    contacts.property_firstname as first_name,
    contacts.property_jobtitle as title,
    contacts.property_createdate as created_at
from contacts
left join merged_contacts on contacts.id = merged_contacts.merged_contact_id
where
    coalesce(contacts.is_deleted, false) = false
    and coalesce(contacts._fivetran_deleted, false) = false
    and merged_contacts.merged_contact_id is null
