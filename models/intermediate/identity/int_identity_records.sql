-- What has to find its account: billing customers, support organisations and product groups, with the name they go by,
-- and product users with an event for which no group speaks. Event tables of a company's own need not be among the
-- tracks: a telephone line that only reports minutes is a user all the same.
with

    customers as (select * from {{ ref('stg_billing__customers') }}),

    organizations as (select * from {{ ref('stg_support__organizations') }}),

    group_calls as (select * from {{ ref('stg_product__group_calls') }}),

    -- Who was seen in which group, and from when: little, of many events.
    events as (

        {% for events in ['stg_product__event_copies', 'stg_product__feature_uses', 'stg_product__metered_uses'] -%}
            select user_id, user_key, group_id, min(event_at) as event_at
            from {{ ref(events) }}
            group by user_id, user_key, group_id {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    group_ids as (

        select group_id
        from events
        where group_id is not null
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
                where name is not null and {{ is_on_time('event_at', 'received_at') }}
            ) as ranked
        where recency = 1

    ),

    ungrouped_users as (

        select user_id, user_key, min(event_at) as used_from
        from events
        where group_id is null and user_id is not null
        group by user_id, user_key

    ),

    memberships as (

        select user_key, min(valid_from) as called_from from {{ ref('int_product_memberships') }} group by user_key

    ),

    staff as (select user_key from {{ ref('stg_product__users') }} where is_staff)

select 'billing' as source_name, customer_id as record_id, customer_name as record_name
from customers

union all

select 'support' as source_name, organization_id as record_id, organization_name as record_name
from organizations

union all

select 'product' as source_name, group_ids.group_id as record_id, names.name as record_name
from group_ids
left join names on group_ids.group_id = names.group_id

union all

select
    'product_user' as source_name,
    ungrouped_users.user_id as record_id,
    cast(null as {{ dbt.type_string() }}) as record_name
from ungrouped_users
left join memberships on ungrouped_users.user_key = memberships.user_key
left join staff on ungrouped_users.user_key = staff.user_key
where
    staff.user_key is null and (memberships.called_from is null or ungrouped_users.used_from < memberships.called_from)
