-- Live records that no live account owns: they count nowhere else, and here they are told.
with

    contacts as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__contacts'),
        'hubspot': ref('base_hubspot__contacts'),
    }) }}

    ),

    opportunities as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__opportunities'),
        'hubspot': ref('base_hubspot__opportunities'),
    }) }}

    ),

    tasks as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__tasks'),
        'hubspot': ref('base_hubspot__tasks'),
    }) }}

    ),

    records as (

        select vendor as source_name, 'contact' as table_name, contact_id as record_id, account_id, created_at
        from contacts
        union all
        select vendor as source_name, 'opportunity' as table_name, opportunity_id as record_id, account_id, created_at
        from opportunities
        union all
        select vendor as source_name, 'task' as table_name, task_id as record_id, account_id, created_at
        from tasks

    ),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }})

select
    records.source_name,
    records.table_name,
    records.record_id,
    case
        when records.account_id is null
        then 'no_account'
        when survivors.account_id is null
        then 'unknown_account'
        else 'deleted_account'
    end as reason,
    records.created_at
from records
left join survivors on records.account_id = survivors.account_id
where survivors.survivor_account_id is null
