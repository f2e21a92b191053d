-- Which account of the first CRM is the same company as a live one of a later CRM: the only one with its domain (of
-- several, the only one that goes by its name too), free mail and shared hosts aside; where no domain says so, the
-- only one with its
-- name.
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

    )

select account_id, case when accounts = 1 then only_account_id else namesake_id end as master_account_id
from by_domain
where accounts = 1 or namesakes = 1

union all

select account_id, only_account_id as master_account_id
from by_name
where accounts = 1
