select
    id,
    name is not null as has_name,
    number_of_employees,
    fiscal_year_end_month_c as fiscal_year_end_month
from raw_salesforce.account
where coalesce(_fivetran_active, true)
