{#- The seed whose rows a column of a rule names. -#}
{% macro rule_columns() -%}
    {{ return({
        'trigger_ids': 'trigger_library.csv',
        'tiers': 'tiers.csv',
        'segments': 'segments.csv',
        'owner_role': 'roles.csv',
        'recipients': 'roles.csv',
        'channels': 'channels.csv',
        'channel': 'channels.csv',
    }) }}
{%- endmacro %}
