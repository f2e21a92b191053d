{#- Everything that rules name in the columns given: rule_id, column_name, file_name, item. -#}
{% macro rule_items(relation, columns) -%}
    {%- for column in columns -%}
        select
            rule_id,
            '{{ column }}' as column_name,
            '{{ rule_columns()[column] }}' as file_name,
            {{ items_of(column) }} as item
        from {{ relation }}{{ ' union all ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- Everything that rules may name: file_name, item. -#}
{% macro rule_names() -%}
    select 'trigger_library.csv' as file_name, trigger_id as item
    from {{ ref('trigger_library') }}
    union all
    select 'tiers.csv' as file_name, tier as item
    from {{ ref('tiers') }}
    union all
    select 'segments.csv' as file_name, segment as item
    from {{ ref('segments') }}
    union all
    select 'roles.csv' as file_name, role as item
    from {{ ref('roles') }}
    union all
    select 'channels.csv' as file_name, channel as item
    from {{ ref('channels') }}
{%- endmacro %}
