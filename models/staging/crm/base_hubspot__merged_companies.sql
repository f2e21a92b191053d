-- Companies that were merged into another: the survivor lists their ids, and their own rows are usually gone.
with

merges as (

    select
        id as company_id,
        {{ words_of("replace(property_hs_merged_object_ids, ';', ' ')") }} as merged_company_id
    from {{ source('hubspot', 'company') }}
    where property_hs_merged_object_ids is not null

)

select merged_company_id, min(company_id) as company_id
from merges
where merged_company_id <> '' and merged_company_id <> company_id
group by merged_company_id
