-- What else a contact has been known by: ids and addresses of the contacts that were merged into it, as either
-- generation of the connector tells it, and its own further addresses.
with

    contacts as (select *, {{ known_id('id') }} as contact_id from {{ source('hubspot', 'contact') }}),

    listed as (

        select
            contact_id,
            {{ words_of(replace_pattern('property_hs_merged_object_ids', '[^0-9A-Za-z]+', ' ')) }} as alias_contact_id
        from contacts
        where property_hs_merged_object_ids is not null

    ),

    audited as (

        select {{ known_id('canonical_vid') }} as contact_id, {{ known_id('vid_to_merge') }} as alias_contact_id
        from {{ source('hubspot', 'contact_merge_audit') }}

    ),

    merged as (

        select contact_id, alias_contact_id
        from listed
        where alias_contact_id <> '' and alias_contact_id <> contact_id
        union
        select contact_id, alias_contact_id
        from audited
        where alias_contact_id <> contact_id

    ),

    further_addresses as (

        select contact_id, {{ addresses_in("replace(property_hs_additional_emails, ';', ' ')") }} as alias_email
        from contacts
        where property_hs_additional_emails is not null

    )

select merged.contact_id, merged.alias_contact_id, {{ plain_address('contacts.property_email') }} as alias_email
from merged
left join contacts on merged.alias_contact_id = contacts.contact_id

union all

select
    contact_id,
    cast(null as {{ dbt.type_string() }}) as alias_contact_id,
    {{ plain_address('alias_email') }} as alias_email
from further_addresses
where alias_email like '%@%'
