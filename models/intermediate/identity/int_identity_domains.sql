-- Rule 2 of the cascade: accounts whose website has the domain of the record, free mail aside.
with

    customers as (

        select 'billing' as source_name, customer_id as record_id, {{ email_domain('email') }} as domain
        from {{ ref('stg_billing__customers') }}

    ),

    organizations as (

        select 'support' as source_name, organization_id as record_id, {{ web_domain('domain_name') }} as domain
        from {{ ref('stg_support__organization_domains') }}

    ),

    websites as (

        select group_id, website, row_number() over (partition by group_id order by event_at desc, id desc) as recency
        from {{ ref('stg_product__group_calls') }}
        where website is not null

    ),

    product_groups as (

        select 'product' as source_name, group_id as record_id, {{ web_domain('website') }} as domain
        from websites
        where recency = 1

    ),

    record_domains as (

        select *
        from customers
        union all
        select *
        from organizations
        union all
        select *
        from product_groups

    ),

    account_domains as (select account_id, {{ web_domain('website') }} as domain from {{ ref('stg_crm__accounts') }}),

    free_email_domains as (select lower(domain) as domain from {{ ref('free_email_domains') }}),

    matched as (

        select distinct record_domains.source_name, record_domains.record_id, account_domains.account_id
        from record_domains
        inner join account_domains on record_domains.domain = account_domains.domain
        left join free_email_domains on record_domains.domain = free_email_domains.domain
        where free_email_domains.domain is null

    )

select source_name, record_id, account_id
from matched
