select
    id,
    name is not null as has_name,
    number_of_employees,
    fiscal_year_end_month_c as fiscal_year_end_month
from raw_salesforce.account
where coalesce(_fivetran_active, true)

union all

select
    id,
    property_name is not null as has_name,
    property_numberofemployees as number_of_employees,
    property_fiscal_year_end_month_c as fiscal_year_end_month
from raw_hubspot.company
where not coalesce(_fivetran_deleted, false)
