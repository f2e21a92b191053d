-- Every account of every CRM, deleted and merged ones too: what other records name is resolved through them. A live
-- company of a later CRM that the first one has as well is merged into its account there: the only one with its domain
-- (of several, the only one that goes by its name too); where no domain says so, the only one with its name.
with

    accounts as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__accounts'),
        'hubspot': ref('base_hubspot__accounts'),
    }) }}

    ),

    live as (

        select account_id, vendor_rank, lower({{ known_text('account_name') }}) as company_name
        from accounts
        where is_deleted = false and master_account_id is null

    ),

    domains as (select * from {{ ref('base_crm__account_domains') }}),

    first_ones as (select * from live where vendor_rank = 1),

    later_ones as (select * from live where vendor_rank > 1),

    with_its_domain as (

        select distinct
            later_ones.account_id,
            first_ones.account_id as first_account_id,
            coalesce(later_ones.company_name = first_ones.company_name, false) as is_namesake
        from later_ones
        inner join domains as later_domains on later_ones.account_id = later_domains.account_id
        inner join domains as first_domains on later_domains.domain = first_domains.domain
        inner join first_ones on first_domains.account_id = first_ones.account_id

    ),

    by_domain as (

        select
            account_id,
            count(*) as accounts,
            max(first_account_id) as only_account_id,
            sum(case when is_namesake then 1 else 0 end) as namesakes,
            max(case when is_namesake then first_account_id end) as namesake_id
        from with_its_domain
        group by account_id

    ),

    by_name as (

        select later_ones.account_id, count(*) as accounts, max(first_ones.account_id) as only_account_id
        from later_ones
        inner join first_ones on later_ones.company_name = first_ones.company_name
        left join by_domain on later_ones.account_id = by_domain.account_id
        where by_domain.account_id is null
        group by later_ones.account_id

    ),

    twins as (

        select account_id, case when accounts = 1 then only_account_id else namesake_id end as master_account_id
        from by_domain
        where accounts = 1 or namesakes = 1

        union all

        select account_id, only_account_id as master_account_id
        from by_name
        where accounts = 1

    )

select
    accounts.account_id,
    accounts.account_name,
    accounts.website,
    accounts.employees,
    accounts.owner_id,
    accounts.customer_success_manager_id,
    coalesce(accounts.master_account_id, twins.master_account_id) as master_account_id,
    accounts.parent_account_id,
    accounts.time_zone,
    accounts.country,
    accounts.billing_customer_id,
    accounts.product_group_id,
    accounts.support_organization_id,
    accounts.fiscal_year_end_month,
    accounts.onboarded_at,
    accounts.opted_out_at,
    accounts.created_at,
    accounts.is_deleted,
    {{ person_ids('accounts') }}
from accounts
left join twins on accounts.account_id = twins.account_id
