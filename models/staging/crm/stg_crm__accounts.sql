-- The live accounts: neither deleted nor merged into another.
select
    account_id,
    account_name,
    website,
    employees,
    owner_id,
    customer_success_manager_id,
    time_zone,
    country_code,
    billing_customer_id,
    product_group_id,
    support_organization_id,
    fiscal_year_end_month,
    onboarded_at,
    opted_out_at,
    created_at,
    {{ person_ids() }}
from {{ ref('base_crm__accounts') }}
where is_deleted = false and master_account_id is null
