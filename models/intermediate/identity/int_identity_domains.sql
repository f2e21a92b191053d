-- Rule 2 of the cascade: accounts whose website has the domain of the record. The domain of a mail provider or of a
-- host that many share says nothing of the company.
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
        where website is not null and {{ is_on_time('event_at', 'received_at') }}

    ),

    product_groups as (

        select 'product' as source_name, group_id as record_id, {{ web_domain('website') }} as domain
        from websites
        where recency = 1

    ),

    product_users as (

        select 'product_user' as source_name, records.record_id, users.domain
        from {{ ref('int_identity_records') }} as records
        inner join {{ ref('stg_product__users') }} as users on records.record_id = users.user_id
        where records.source_name = 'product_user'

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
        union all
        select *
        from product_users

    ),

    account_domains as (select account_id, {{ web_domain('website') }} as domain from {{ ref('stg_crm__accounts') }}),

    nobodys_domains as ({{ nobodys_domains() }})

select distinct record_domains.source_name, record_domains.record_id, account_domains.account_id
from record_domains
inner join account_domains on record_domains.domain = account_domains.domain
left join nobodys_domains on record_domains.domain = nobodys_domains.domain
where nobodys_domains.domain is null
