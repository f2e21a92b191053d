{#-
    Events or uses of the product with their account, as far as they count at as_of. The group named on a row speaks for it,
    matched or not; only without one its user does. Staff count nowhere. columns: what is kept beside who, when and where.
-#}
{% macro placed_events(events, columns) -%}
    with

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
        events.user_key,
        events.event_at,
        {{ day_of('events.event_at') }} as event_on
        {%- for column in columns %}, events.{{ column }} {%- endfor %}
    from {{ events }} as events
    inner join clock on events.received_at <= clock.as_of
    left join group_accounts on events.group_id = group_accounts.group_id
    left join
        user_accounts
        on case when events.group_id is null then events.user_key end = user_accounts.user_key
        and events.event_at >= user_accounts.valid_from
        and events.event_at < user_accounts.valid_until
    left join staff on events.user_key = staff.user_key
    where
        {{ is_on_time('events.event_at', 'events.received_at') }}
        and staff.user_key is null
        and (group_accounts.account_id is not null or user_accounts.account_id is not null)
{%- endmacro %}
