-- Rule 2 of the cascade: accounts that have the domain of the record. A field with two addresses or sites names both.
with

    fields as (

        select 'billing' as source_name, customer_id as record_id, email as field, true as is_email
        from {{ ref('stg_billing__customers') }}
        union all
        select 'support' as source_name, organization_id as record_id, domain_name as field, false as is_email
        from {{ ref('stg_support__organization_domains') }}

    ),

    websites as (

        select group_id, website, row_number() over (partition by group_id order by event_at desc, id desc) as recency
        from {{ ref('stg_product__group_calls') }}
        where website is not null and {{ is_on_time('event_at', 'received_at') }}

    ),

    addresses as (

        select source_name, record_id, is_email, {{ addresses_in('field') }} as address
        from fields
        where field is not null
        union all
        select
            'product' as source_name, group_id as record_id, false as is_email, {{ addresses_in('website') }} as address
        from websites
        where recency = 1

    ),

    user_domains as (

        select records.source_name, records.record_id, {{ words_of('users.domains') }} as domain
        from {{ ref('int_identity_records') }} as records
        inner join {{ ref('stg_product__users') }} as users on records.record_id = users.user_id
        where records.source_name = 'product_user' and users.domains is not null

    ),

    record_domains as (

        select source_name, record_id, {{ web_domain('address') }} as domain
        from addresses
        where is_email = false or address like '%@%'
        union all
        select source_name, record_id, domain
        from user_domains

    ),

    account_domains as (

        select account_domains.account_id, account_domains.domain
        from {{ ref('base_crm__account_domains') }} as account_domains
        inner join {{ ref('stg_crm__accounts') }} as accounts on account_domains.account_id = accounts.account_id

    )

select distinct record_domains.source_name, record_domains.record_id, account_domains.account_id
from record_domains
inner join account_domains on record_domains.domain = account_domains.domain
