-- The one company of each deal: the primary association, else the lowest id. A deal may hang on one company twice, the
-- second time under a label.
with

    ranked as (

        select
            deal_id,
            company_id,
            row_number() over (
                partition by deal_id order by case when type_id = 5 then 0 else 1 end, length(company_id), company_id
            ) as place
        from {{ source('hubspot', 'deal_company') }}

    )

select deal_id, company_id
from ranked
where place = 1
