{#-
    Stops on an entry of the vars about the landing that names a vendor, table or column that no source has: it would be
    passed over in silence.
-#}
{% macro check_source_vars(nodes) -%}
    {% set vendors = {} %}
    {% set event_tables = {} %}
    {% for node in nodes if node.source_name != 'quarantine' %}
        {% set columns = node.columns.keys() | list %}
        {% do vendors.setdefault(node.source_name, {}).update({node.name: columns}) %}
        {% if expansion_triggers.contract_meta(node).get('is_event_table') %}
            {% do event_tables.update({node.name: {'vendor': node.source_name, 'columns': columns}}) %}
        {% endif %}
    {% endfor %}
    {% for name, entries in (var('event_tables', {}) or {}).items() %}
        {% set place = 'vars: event_tables: ' ~ name %}
        {% do expansion_triggers.check_is_known('vars: event_tables', 'table', name, event_tables) %}
        {% set own = event_tables[name] %}
        {% for entry in entries or [] %}
            {% if entry is not mapping or not entry.get('table') %}
                {% do exceptions.raise_compiler_error(
                    place ~ ": '" ~ entry ~ "' names no table: expected {table: <landed table>, columns: {<ours>: <theirs>}}."
                ) %}
            {% endif %}
            {% for ours in (entry.get('columns') or {}).keys() %}
                {% do expansion_triggers.check_is_known(place ~ ': ' ~ entry.table ~ ': columns', 'column', ours, own.columns) %}
            {% endfor %}
            {#- What an event table is read from can itself be a relation or have its columns renamed. -#}
            {% do vendors[own.vendor].setdefault(entry.table, own.columns) %}
        {% endfor %}
    {% endfor %}
    {% for vendor, relations in (var('raw_relations', {}) or {}).items() %}
        {% do expansion_triggers.check_is_known('vars: raw_relations', 'vendor', vendor, vendors) %}
        {% for table in (relations or {}).keys() %}
            {% do expansion_triggers.check_is_known('vars: raw_relations: ' ~ vendor, 'table', table, vendors[vendor]) %}
        {% endfor %}
    {% endfor %}
    {% for vendor, tables in (var('raw_columns', {}) or {}).items() %}
        {% do expansion_triggers.check_is_known('vars: raw_columns', 'vendor', vendor, vendors) %}
        {% for table, columns in (tables or {}).items() %}
            {% set place = 'vars: raw_columns: ' ~ vendor %}
            {% do expansion_triggers.check_is_known(place, 'table', table, vendors[vendor]) %}
            {% for ours in (columns or {}).keys() %}
                {% do expansion_triggers.check_is_known(place ~ ': ' ~ table, 'column', ours, vendors[vendor][table]) %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
{%- endmacro %}

{% macro check_is_known(place, kind, name, known) -%}
    {% if name not in known %}
        {% do exceptions.raise_compiler_error(
            place ~ ': ' ~ kind ~ ' ' ~ name ~ ' is unknown: expected one of ' ~ known | list | join(', ') ~ '.'
        ) %}
    {% endif %}
{%- endmacro %}
