{#-
    The columns that name a person of the account (vars: person_fields), beside a table's contract: person_<name>, text,
    optional. The table says how its vendor spells them: a prefix, and the owner's own column.
-#}
{% macro person_columns(node, physical, place) -%}
    {% set spelling = expansion_triggers.contract_meta(node).get('person_fields') %}
    {% set columns = [] %}
    {% for name, set_field in (expansion_triggers.settings_of('person_fields') if spelling else {}).items() %}
        {#- The default is the column that crm_fields names. -#}
        {% set field = var('crm_fields').get('customer_success_manager_id', set_field)
            if set_field == 'customer_success_manager_id_c' else set_field %}
        {% set column = {
            'name': expansion_triggers.person_column(name), 'data_type': 'string',
            'meta': {'landed_as': spelling.owner_id if field == 'owner_id' else spelling.prefix ~ field},
        } %}
        {% do columns.append(expansion_triggers.column_contract(node, column, physical, place, none)) %}
    {% endfor %}
    {{ return(columns) }}
{%- endmacro %}

{% macro person_column(name) -%} {{ return('person_' ~ name) }} {%- endmacro %}

{#- The persons that an account names, as columns of staging: each with its own conversion. -#}
{% macro person_ids(relation=none, convert=none) -%}
    {%- for name in settings_of('person_fields') -%}
        {%- set column = (relation ~ '.' if relation else '') ~ person_column(name) -%}
        {{ (convert(column) ~ ' as ' ~ person_column(name)) if convert else column }}{{ ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
