with recursive

    items as (select distinct subscription_item_id from {{ ref('int_billing_item_states') }}),

    continuations as (select * from {{ ref('int_billing_item_continuations') }}),

    chains as (

        select items.subscription_item_id, items.subscription_item_id as logical_item_id, 1 as link_number
        from items
        left join continuations on items.subscription_item_id = continuations.later_item_id
        where continuations.later_item_id is null

        union all

        select
            continuations.later_item_id as subscription_item_id,
            chains.logical_item_id,
            chains.link_number + 1 as link_number
        from chains
        inner join continuations on chains.subscription_item_id = continuations.earlier_item_id

    )

select chains.subscription_item_id, chains.logical_item_id, chains.link_number, continuations.continued_at
from chains
left join continuations on chains.subscription_item_id = continuations.earlier_item_id
