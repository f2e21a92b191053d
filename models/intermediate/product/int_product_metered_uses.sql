-- Placed like the events: by the group named, else by the user.
with

    metered_uses as (select * from {{ ref('stg_product__metered_uses') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    staff as (select user_key from {{ ref('stg_product__users') }} where is_staff),

    group_accounts as (

        select record_id as group_id, account_id, account_key
        from {{ ref('int_identity_matches') }}
        where source_name = 'product' and account_id is not null

    ),

    user_accounts as (select * from {{ ref('int_product_user_accounts') }})

select
    coalesce(group_accounts.account_id, user_accounts.account_id) as account_id,
    coalesce(group_accounts.account_key, user_accounts.account_key) as account_key,
    metered_uses.user_key,
    metered_uses.event_at,
    {{ day_of('metered_uses.event_at') }} as event_on,
    metered_uses.quantity
from metered_uses
inner join clock on metered_uses.received_at <= clock.as_of
left join group_accounts on metered_uses.group_id = group_accounts.group_id
left join
    user_accounts
    on case when metered_uses.group_id is null then metered_uses.user_key end = user_accounts.user_key
    and metered_uses.event_at >= user_accounts.valid_from
    and metered_uses.event_at < user_accounts.valid_until
left join staff on metered_uses.user_key = staff.user_key
where
    {{ is_on_time('metered_uses.event_at', 'metered_uses.received_at') }}
    and staff.user_key is null
    and (group_accounts.account_id is not null or user_accounts.account_id is not null)
