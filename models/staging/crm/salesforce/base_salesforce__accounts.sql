-- Accounts in their current state, deleted and merged ones too.
with accounts as ({{ current_rows(source('salesforce', 'account')) }})

select
    {{ known_id('id') }} as account_id,
    name as account_name,
    website,
    number_of_employees as employees,
    {{ known_id('owner_id') }} as owner_id,
    {{ known_id('customer_success_manager_id_c') }} as customer_success_manager_id,
    {{ known_id('master_record_id') }} as master_account_id,
    {{ known_id('parent_id') }} as parent_account_id,
    time_zone_c as time_zone,
    billing_country_code as country,
    {{ known_id('stripe_customer_id_c') }} as billing_customer_id,
    {{ known_id('product_group_id_c') }} as product_group_id,
    {{ known_id('zendesk_organization_id_c') }} as support_organization_id,
    fiscal_year_end_month_c as fiscal_year_end_month,
    cast(onboarding_completed_date_c as timestamp) as onboarded_at,
    cast(expansion_opt_out_date_c as timestamp) as opted_out_at,
    created_date as created_at,
    coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
    {{ person_ids(convert=known_id) }}
from accounts
