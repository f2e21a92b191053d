{#-
    The rows of a product relation that count at as_of, each with its account: that of the group named on the event,
    matched or not, and only without one that of its user's newest group call. Staff count nowhere.
    The relation has event_at, received_at, user_key (nullable) and group_id (nullable).
-#}
{% macro account_events(relation, columns) -%}
    {% set kept = columns -%}
    with

        clock as (select as_of from {{ ref('int_clock') }}),

        events as (

            select relation.*
            from {{ relation }} as relation
            inner join clock on relation.received_at <= clock.as_of
            where {{ is_on_time('relation.event_at', 'relation.received_at') }}

        ),

        staff as (select user_key from {{ ref('stg_product__users') }} where is_staff),

        memberships as (select * from {{ ref('int_product_memberships') }}),

        group_accounts as (select * from {{ ref('int_product_group_accounts') }}),

        grouped as (

            select
                events.user_key,
                events.event_at,
                events.group_id
                {%- for column in kept %}, events.{{ column }}{% endfor %}
            from events
            where events.group_id is not null

            union all

            select
                events.user_key,
                events.event_at,
                memberships.group_id
                {%- for column in kept %}, events.{{ column }}{% endfor %}
            from events
            inner join
                memberships
                on events.user_key = memberships.user_key
                and events.event_at >= memberships.valid_from
                and (events.event_at < memberships.valid_to or memberships.valid_to is null)
            where events.group_id is null

        )

    select
        group_accounts.account_id,
        group_accounts.account_key,
        grouped.user_key,
        grouped.event_at,
        {{ day_of('grouped.event_at') }} as event_on
        {%- for column in kept %}, grouped.{{ column }} {%- endfor %}
    from grouped
    inner join group_accounts on grouped.group_id = group_accounts.group_id
    left join staff on grouped.user_key = staff.user_key
    where staff.user_key is null
{%- endmacro %}
