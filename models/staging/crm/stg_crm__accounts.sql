-- The live accounts: neither deleted nor merged into another. A country is known by its code or by its name.
with

    accounts as (select * from {{ ref('base_crm__accounts') }} where is_deleted = false and master_account_id is null),

    country_spellings as (

        select lower(country_name) as spelling, country_code
        from {{ ref('country_names') }}
        union
        select lower(country_code) as spelling, country_code
        from {{ ref('country_names') }}

    )

select
    accounts.account_id,
    accounts.account_name,
    accounts.website,
    accounts.employees,
    accounts.owner_id,
    accounts.customer_success_manager_id,
    accounts.time_zone,
    accounts.country as landed_country,
    country_spellings.country_code,
    accounts.billing_customer_id,
    accounts.product_group_id,
    accounts.support_organization_id,
    accounts.fiscal_year_end_month,
    accounts.onboarded_at,
    accounts.opted_out_at,
    accounts.created_at,
    {{ person_ids('accounts') }}
from accounts
left join country_spellings on lower(trim(accounts.country)) = country_spellings.spelling
