-- The one company of each deal: the primary association that HubSpot itself defines, else the lowest id. A deal may
-- hang
-- on one company twice, the second time under a label, which a portal may have given any id. A company that is gone
-- speaks for the deal only where no other is left.
with

    associations as (

        select
            {{ known_id('deal_id') }} as deal_id,
            {{ known_id('company_id') }} as company_id,
            case
                when type_id = 5 and upper(coalesce(category, 'HUBSPOT_DEFINED')) = 'HUBSPOT_DEFINED' then 0 else 1
            end as preference
        from {{ source('hubspot', 'deal_company') }}
        where coalesce(_fivetran_deleted, false) = false

    ),

    companies as (select * from {{ ref('base_hubspot__accounts') }}),

    ranked as (

        select
            associations.deal_id,
            associations.company_id,
            row_number() over (
                partition by associations.deal_id
                order by
                    case when companies.is_deleted = false or companies.master_account_id is not null then 0 else 1 end,
                    associations.preference,
                    length(associations.company_id),
                    associations.company_id
            ) as place
        from associations
        left join companies on associations.company_id = companies.account_id

    )

select deal_id, company_id
from ranked
where place = 1
