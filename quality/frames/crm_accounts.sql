with

accounts as (

    select
        'salesforce' as vendor,
        id,
        name is not null as has_name,
        number_of_employees,
        fiscal_year_end_month_c as fiscal_year_end_month
    from {{ source('salesforce', 'account') }}
    where coalesce(_fivetran_active, true)

    union all

    select
        'hubspot' as vendor,
        id,
        property_name is not null as has_name,
        property_numberofemployees as number_of_employees,
        property_fiscal_year_end_month_c as fiscal_year_end_month
    from {{ source('hubspot', 'company') }}
    where not (coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false))

)

select accounts.*
from accounts
inner join {{ ref('int_vendors_in_use') }} as vendors on accounts.vendor = vendors.vendor and vendors.domain = 'crm'
