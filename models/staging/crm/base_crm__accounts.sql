-- Every account of every CRM, deleted and merged ones too: what other records name is resolved through them. A live
-- company of a later CRM that the first one has as well is merged into its account there: the only one with its domain
-- (of several, the only one that goes by its name too), free mail and shared hosts aside; where no domain says so, the
-- only one with its name.
with

    accounts as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__accounts'),
        'hubspot': ref('base_hubspot__accounts'),
    }) }}

    ),

    nobodys_domains as ({{ nobodys_domains() }}),

    live as (

        select
            accounts.account_id,
            accounts.vendor_rank,
            nullif(lower(trim(accounts.account_name)), '') as company_name,
            case when nobodys_domains.domain is null then {{ web_domain('accounts.website') }} end as company_domain
        from accounts
        left join nobodys_domains on {{ web_domain('accounts.website') }} = nobodys_domains.domain
        where accounts.is_deleted = false and accounts.master_account_id is null

    ),

    first_ones as (select * from live where vendor_rank = 1),

    later_ones as (select * from live where vendor_rank > 1),

    by_domain as (

        select
            later_ones.account_id,
            count(*) as accounts,
            max(first_ones.account_id) as only_account_id,
            sum(case when later_ones.company_name = first_ones.company_name then 1 else 0 end) as namesakes,
            max(
                case when later_ones.company_name = first_ones.company_name then first_ones.account_id end
            ) as namesake_id
        from later_ones
        inner join first_ones on later_ones.company_domain = first_ones.company_domain
        group by later_ones.account_id

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
