with

opportunities as (

    select 'salesforce' as vendor, id, amount, is_closed, is_won
    from {{ source('salesforce', 'opportunity') }}
    where coalesce(_fivetran_active, true)

    union all

    -- Whether a deal is closed follows from its stage, so it cannot contradict itself.
    select 'hubspot' as vendor, deal_id as id, property_amount as amount, null as is_closed, null as is_won
    from {{ source('hubspot', 'deal') }}
    where not (coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false))

)

select opportunities.*
from opportunities
inner join {{ ref('int_vendors_in_use') }} as vendors
    on opportunities.vendor = vendors.vendor and vendors.domain = 'crm'
