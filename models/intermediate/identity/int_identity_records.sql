-- What has to find its account: billing customers, support organisations and product groups, with the name it goes by.
with

    customers as (select * from {{ ref('stg_billing__customers') }}),

    organizations as (select * from {{ ref('stg_support__organizations') }}),

    group_calls as (select * from {{ ref('stg_product__group_calls') }}),

    event_groups as (select distinct group_id from {{ ref('stg_product__event_copies') }} where group_id is not null),

    group_ids as (

        select group_id
        from event_groups
        union
        select group_id
        from group_calls

    ),

    names as (

        select group_id, name
        from
            (
                select
                    group_id, name, row_number() over (partition by group_id order by event_at desc, id desc) as recency
                from group_calls
                where name is not null
            ) as ranked
        where recency = 1

    )

select 'billing' as source_name, customer_id as record_id, customer_name as record_name
from customers

union all

select 'support' as source_name, organization_id as record_id, organization_name as record_name
from organizations

union all

select 'product' as source_name, group_ids.group_id as record_id, names.name as record_name
from group_ids
left join names on group_ids.group_id = names.group_id
