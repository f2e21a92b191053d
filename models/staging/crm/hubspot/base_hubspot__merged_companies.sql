-- Companies that were merged into another: the survivor lists their ids, and their own rows are usually gone.
with

    merged as (

        select
            id as company_id,
            {{ words_of(replace_pattern('property_hs_merged_object_ids', '[^0-9A-Za-z]+', ' ')) }} as merged_company_id
        from {{ source('hubspot', 'company') }}
        where property_hs_merged_object_ids is not null

    )

select merged_company_id, min(company_id) as company_id
from merged
where merged_company_id <> '' and merged_company_id <> company_id
group by merged_company_id
