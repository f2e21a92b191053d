-- Contacts that were merged into another, as either generation of the connector tells it.
with

    listed as (

        select
            id as contact_id,
            {{ words_of(replace_pattern('property_hs_merged_object_ids', '[^0-9A-Za-z]+', ' ')) }} as merged_contact_id
        from {{ source('hubspot', 'contact') }}
        where property_hs_merged_object_ids is not null

    ),

    audited as (

        select canonical_vid as contact_id, vid_to_merge as merged_contact_id
        from {{ source('hubspot', 'contact_merge_audit') }}

    ),

    known as (

        select *
        from listed
        union all
        select *
        from audited

    )

select distinct merged_contact_id
from known
where merged_contact_id <> '' and merged_contact_id <> contact_id
