-- Companies, and those of which nothing is left but their id in a survivor's list of merges.
with

    companies as (select *, {{ known_id('id') }} as company_id from {{ source('hubspot', 'company') }}),

    -- The survivor lists the ids of those merged into it, whose own rows are usually gone.
    listed as (

        select
            company_id,
            {{ words_of(replace_pattern('property_hs_merged_object_ids', '[^0-9A-Za-z]+', ' ')) }} as merged_company_id
        from companies
        where property_hs_merged_object_ids is not null

    ),

    merged_companies as (

        select merged_company_id, min(company_id) as company_id
        from listed
        where merged_company_id <> '' and merged_company_id <> company_id
        group by merged_company_id

    ),

    ids as (

        select company_id as account_id
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
    {{ known_id('companies.property_hubspot_owner_id') }} as owner_id,
    {{ known_id('companies.property_customer_success_manager_id_c') }} as customer_success_manager_id,
    merged_companies.company_id as master_account_id,
    {{ known_id('companies.property_hs_parent_company_id') }} as parent_account_id,
    -- HubSpot's own property spells a zone as the name of an option: america_slash_new_york.
    replace(replace(companies.property_time_zone_c, '_slash_', '/'), '_hyphen_', '-') as time_zone,
    companies.property_billing_country_code as country,
    {{ known_id('companies.property_stripe_customer_id_c') }} as billing_customer_id,
    {{ known_id('companies.property_product_group_id_c') }} as product_group_id,
    {{ known_id('companies.property_zendesk_organization_id_c') }} as support_organization_id,
    companies.property_fiscal_year_end_month_c as fiscal_year_end_month,
    companies.property_onboarding_completed_date_c as onboarded_at,
    companies.property_expansion_opt_out_date_c as opted_out_at,
    companies.property_createdate as created_at,
    -- Two generations of the connector flag a deletion in two columns.
    companies.company_id is null
    or coalesce(companies.is_deleted, false)
    or coalesce(companies._fivetran_deleted, false) as is_deleted,
    {{ person_ids('companies', known_id) }}
from ids
left join companies on ids.account_id = companies.company_id
left join merged_companies on ids.account_id = merged_companies.merged_company_id
