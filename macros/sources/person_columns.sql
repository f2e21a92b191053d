{#-
    The columns that name a person of the account (vars: person_fields), beside a table's contract: person_<name>, text,
    optional. The table says how its vendor spells them: a prefix, and the owner's own column.
-#}
{% macro person_columns(node, physical, place) -%}
    {% set spelling = expansion_triggers.contract_meta(node).get('person_fields') %}
    {% set columns = [] %}
    {% for name, field in ((var('person_fields', {}) or {}) if spelling else {}).items() %}
        {% set column = {
            'name': 'person_' ~ name, 'data_type': 'varchar',
            'meta': {'landed_as': spelling.owner_id if field == 'owner_id' else spelling.prefix ~ field},
        } %}
        {% do columns.append(expansion_triggers.column_contract(node, column, physical, place, none)) %}
    {% endfor %}
    {{ return(columns) }}
{%- endmacro %}
