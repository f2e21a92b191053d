-- Rule 1 of the cascade: which account a record names, or which account names the record.
with

    records as (select * from {{ ref('int_identity_records') }}),

    customers as (select * from {{ ref('stg_billing__customers') }}),

    organizations as (select * from {{ ref('stg_support__organizations') }}),

    accounts as (select * from {{ ref('base_crm__accounts') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    named as (

        select
            'billing' as source_name,
            customer_id as record_id,
            {{ known_id(json_text('metadata', 'salesforce_account_id')) }} as account_id
        from customers
        union all
        select
            'billing' as source_name,
            customer_id as record_id,
            {{ known_id(json_text('metadata', 'hubspot_company_id')) }} as account_id
        from customers
        union all
        select 'billing' as source_name, billing_customer_id as record_id, account_id
        from accounts
        union all
        select 'support' as source_name, organization_id as record_id, external_id as account_id
        from organizations
        union all
        select 'support' as source_name, support_organization_id as record_id, account_id
        from accounts
        union all
        select 'product' as source_name, record_id, record_id as account_id
        from records
        where source_name = 'product'
        union all
        select 'product' as source_name, product_group_id as record_id, account_id
        from accounts

    ),

    -- An account known by the 15 characters of its id may be named by its 18.
    spelled as (

        select source_name, record_id, account_id
        from named
        union
        select source_name, record_id, {{ short_id('account_id') }} as account_id
        from named
        where {{ short_id('account_id') }} is not null

    ),

    resolved as (

        -- An account that is not known names nobody; one that is gone is known, and has no survivor.
        select distinct spelled.source_name, spelled.record_id, survivors.survivor_account_id as account_id
        from spelled
        inner join survivors on spelled.account_id = survivors.account_id
        inner join records on spelled.source_name = records.source_name and spelled.record_id = records.record_id

    )

select source_name, record_id, account_id
from resolved
