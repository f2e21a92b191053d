-- Placed like the events: by the group named, else by the user.
with

    feature_uses as (select * from {{ ref('stg_product__feature_uses') }}),

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
    feature_uses.user_key,
    feature_uses.event_at,
    {{ day_of('feature_uses.event_at') }} as event_on,
    feature_uses.feature,
    feature_uses.team_id
from feature_uses
inner join clock on feature_uses.received_at <= clock.as_of
left join group_accounts on feature_uses.group_id = group_accounts.group_id
left join
    user_accounts
    on case when feature_uses.group_id is null then feature_uses.user_key end = user_accounts.user_key
    and feature_uses.event_at >= user_accounts.valid_from
    and feature_uses.event_at < user_accounts.valid_until
left join staff on feature_uses.user_key = staff.user_key
where
    {{ is_on_time('feature_uses.event_at', 'feature_uses.received_at') }}
    and staff.user_key is null
    and (group_accounts.account_id is not null or user_accounts.account_id is not null)
