-- Live contacts, at the company that they are associated with first.
with

    contacts as (select * from {{ source('hubspot', 'contact') }}),

    listed as (

        select
            id as contact_id,
            {{ words_of(replace_pattern('property_hs_merged_object_ids', '[^0-9A-Za-z]+', ' ')) }} as merged_contact_id
        from contacts
        where property_hs_merged_object_ids is not null

    ),

    -- Merged into another, as either generation of the connector tells it.
    merged_contacts as (

        select merged_contact_id
        from listed
        where merged_contact_id <> '' and merged_contact_id <> contact_id
        union
        select vid_to_merge as merged_contact_id
        from {{ source('hubspot', 'contact_merge_audit') }}
        where vid_to_merge <> '' and vid_to_merge <> canonical_vid

    )

select
    contacts.id as contact_id,
    {{ hubspot_id('contacts.property_associatedcompanyid') }} as account_id,
    contacts.property_email as email,
    contacts.property_firstname as first_name,
    contacts.property_jobtitle as title,
    contacts.property_createdate as created_at,
    coalesce(contacts.property_hs_email_optout, false) = false
    and coalesce(contacts.property_hs_email_bad_address, false) = false
    and coalesce(contacts.property_hs_email_hard_bounce_reason_enum, '') = '' as is_mailable
from contacts
left join merged_contacts on contacts.id = merged_contacts.merged_contact_id
where
    coalesce(contacts.is_deleted, false) = false
    and coalesce(contacts._fivetran_deleted, false) = false
    and merged_contacts.merged_contact_id is null
