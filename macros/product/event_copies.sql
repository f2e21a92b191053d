{#- The raw events in the narrow columns that everything later reads. -#}
{% macro event_copies() -%}
    select
        source_table,
        {{ hash_key('id') }} as event_key,
        user_id,
        case when user_id is not null then {{ hash_key('user_id') }} end as user_key,
        group_id,
        event_name,
        -- A client's clock may run ahead; nothing happens after it was received.
        least(sent_at, received_at) as event_at,
        received_at
    from ({{ vendor_rows('product', {'segment': ref('base_segment__events')}) }}) as landed
{%- endmacro %}

{#- Those of them that were received since the last build, on the urgent path: a build reads all, and finds none here. -#}
{% macro fresh_event_copies() -%}
    select *
    from ({{ event_copies() }}) as copies
    where {{ 'received_at > ' ~ last_build_moment() if var('urgent') else 'false' }}
{%- endmacro %}
