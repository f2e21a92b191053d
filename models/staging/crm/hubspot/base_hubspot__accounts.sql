-- Companies, and those of which nothing is left but their id in a survivor's list of merges.
with

    companies as (select * from {{ source('hubspot', 'company') }}),

    merged_companies as (select * from {{ ref('base_hubspot__merged_companies') }}),

    ids as (

        select id as account_id
        from companies
        union
        select merged_company_id as account_id
        from merged_companies

    )

select
    ids.account_id,
    companies.property_name as account_name,
    companies.property_domain as website,
    companies.property_numberofemployees as employees,
    {{ hubspot_id('companies.property_hubspot_owner_id') }} as owner_id,
    {{ hubspot_id('companies.property_customer_success_manager_id_c') }} as customer_success_manager_id,
    merged_companies.company_id as master_account_id,
    companies.property_time_zone_c as time_zone,
    upper(companies.property_billing_country_code) as country_code,
    companies.property_stripe_customer_id_c as billing_customer_id,
    companies.property_product_group_id_c as product_group_id,
    {{ hubspot_id('companies.property_zendesk_organization_id_c') }} as support_organization_id,
    companies.property_fiscal_year_end_month_c as fiscal_year_end_month,
    companies.property_onboarding_completed_date_c as onboarded_at,
    companies.property_expansion_opt_out_date_c as opted_out_at,
    companies.property_createdate as created_at,
    -- Two generations of the connector flag a deletion in two columns.
    companies.id is null
    or coalesce(companies.is_deleted, false)
    or coalesce(companies._fivetran_deleted, false) as is_deleted,
    {{ person_ids('companies', hubspot_id) }}
from ids
left join companies on ids.account_id = companies.id
left join merged_companies on ids.account_id = merged_companies.merged_company_id
