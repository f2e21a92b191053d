{#-
    The landing behind the sources. Every source table of the project gets a view, raw_<vendor>.<table>, with
    exactly the columns and types of its YAML contract; what is bad about its rows goes to one more view,
    raw_quarantine.records. Runs before every build, so a landing that moved is found again.
-#}
{% macro create_source_views() -%}
    {% if execute and flags.WHICH in ['build', 'run', 'test', 'docs', 'generate', 'compile', 'show', 'freshness'] %}
        {{ return(expansion_triggers.views_of_sources()) }}
    {% endif %}
{%- endmacro %}

{% macro views_of_sources() -%}
    {% set landing = expansion_triggers.raw_location() %}
    {% set files = expansion_triggers.landed_files(landing) %}
    {% set nodes = [] %}
    {% for node in graph.sources.values() | sort(attribute='unique_id') if node.package_name == 'expansion_triggers' %}
        {% do nodes.append(node) %}
    {% endfor %}
    {% do expansion_triggers.check_source_vars(nodes) %}
    {% set quarantine = [] %}
    {% set counted = [] %}
    {% for schema in nodes | map(attribute='schema') | unique %}
        {% do run_query('create schema if not exists ' ~ adapter.quote(schema)) %}
    {% endfor %}
    {% for node in nodes if node.source_name != 'quarantine' %}
        {% set parts = expansion_triggers.source_contracts(node, landing, files) %}
        {% set selects = [] %}
        {% for table in parts %}
            {% do selects.append(expansion_triggers.typed_select(table)) %}
        {% endfor %}
        {% do expansion_triggers.create_view(node, selects) %}
        {% for table in parts %}
            {% do expansion_triggers.check_columns_cast(table) %}
            {% if table.from %}
                {% do counted.append(table) %}
                {% do quarantine.extend(expansion_triggers.quarantine_selects(table)) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% for node in nodes if node.source_name == 'quarantine' %}
        {% do expansion_triggers.create_view(node, quarantine or [expansion_triggers.no_quarantined_rows()]) %}
    {% endfor %}
    {% do expansion_triggers.check_row_counts(counted) %}
    {{ return('') }}
{%- endmacro %}

{#- The view behind a source, wherever the target puts its schemas. -#}
{% macro create_view(node, selects) -%}
    {% do run_query(
        'create or replace view ' ~ adapter.quote(node.schema) ~ '.' ~ adapter.quote(node.identifier) ~ ' as '
        ~ selects | join(' union all ')
    ) %}
{%- endmacro %}

{% macro raw_location() -%}
    {{ return(env_var('RAW_LOCATION', env_var('DATA_DIR', 'data') ~ '/raw')) }}
{%- endmacro %}

{#- {vendor: {table: {parquet: n, csv: n}}} of what has landed, in one look at the folder. -#}
{% macro landed_files(landing) -%}
    {% set found = {} %}
    {% set rows = run_query(expansion_triggers.files_of(landing)) %}
    {% for row in rows %}
        {% set parts = row[0].replace('\\', '/').split('/') %}
        {% set ending = parts[-1].split('.')[-1] | lower %}
        {% if ending in ['parquet', 'csv'] %}
            {% set vendor = found.setdefault(parts[-3], {}) %}
            {% set table = vendor.setdefault(parts[-2], {'parquet': 0, 'csv': 0}) %}
            {% do table.update({ending: table[ending] + 1}) %}
        {% endif %}
    {% endfor %}
    {{ return(found) }}
{%- endmacro %}

{#-
    The tables behind one source, each with its contract: the one of its own name, or, for an event table, those that
    vars: event_tables names in its place.
-#}
{% macro source_contracts(node, landing, files) -%}
    {% set entries = [] %}
    {% if expansion_triggers.contract_meta(node).get('is_event_table') %}
        {% set entries = (var('event_tables', {}) or {}).get(node.name) or [] %}
    {% endif %}
    {% set tables = [] %}
    {% for entry in entries %}
        {% set place = 'vars: event_tables: ' ~ node.name ~ ': ' ~ entry.table %}
        {% set table = expansion_triggers.source_contract(
            node, landing, files, entry.table, entry.get('columns') or {}, place
        ) %}
        {% if not table.from %}
            {% do exceptions.raise_compiler_error(
                place ~ ' has not landed: expected files in ' ~ table.place
                ~ ', or a relation of that name in vars: raw_relations: ' ~ node.source_name ~ '.'
            ) %}
        {% endif %}
        {% do tables.append(table) %}
    {% endfor %}
    {{ return(tables or [expansion_triggers.source_contract(node, landing, files, node.name, {}, none)]) }}
{%- endmacro %}

{#-
    One table's contract, resolved against what landed: where to read, and an expression a column. table is the name of what
    landed, renamed its columns by ours, and said_in the var that renames them.
-#}
{% macro source_contract(node, landing, files, table, renamed, said_in) -%}
    {% set relation = ((var('raw_relations', {}) or {}).get(node.source_name) or {}).get(table) %}
    {% set folder = landing ~ '/' ~ node.source_name ~ '/' ~ table %}
    {% set landed = files.get(node.source_name, {}).get(table) %}
    {% set names = {} %}
    {% for ours, theirs in renamed.items() %}
        {% do names.update({ours: {'theirs': theirs, 'said_in': said_in ~ ': columns'}}) %}
    {% endfor %}
    {% for ours, theirs in (((var('raw_columns', {}) or {}).get(node.source_name) or {}).get(table) or {}).items() %}
        {% do names.update({ours: {
            'theirs': theirs, 'said_in': 'vars: raw_columns: ' ~ node.source_name ~ ': ' ~ table,
        }}) %}
    {% endfor %}
    {% set meta = expansion_triggers.contract_meta(node) %}
    {% if relation %}
        {% set place = 'relation ' ~ relation %}
        {% set source_sql = relation %}
    {% elif landed and landed.parquet and landed.csv %}
        {% do exceptions.raise_compiler_error(
            folder ~ ' holds CSV beside Parquet: expected files of one kind, Parquet (*.parquet) or CSV (*.csv).'
        ) %}
    {% elif landed and landed.parquet %}
        {% set place = folder ~ '/*.parquet' %}
        {% set source_sql = expansion_triggers.landed_relation(node, folder, 'parquet') %}
    {% elif landed %}
        {% set place = folder ~ '/*.csv' %}
        {% set source_sql = expansion_triggers.landed_relation(node, folder, 'csv') %}
    {% elif meta.get('required') and expansion_triggers.is_vendor_used(node.source_name, meta.get('domain')) %}
        {% do exceptions.raise_compiler_error(
            folder ~ '/*.parquet is missing: the source ' ~ node.source_name ~ '.' ~ node.name ~ ' is required.'
        ) %}
    {% else %}
        {% set place = folder %}
        {% set source_sql = none %}
    {% endif %}
    {% set physical = [] %}
    {% if source_sql %}
        {% for row in run_query(expansion_triggers.described('select * from ' ~ source_sql)) %}
            {% do physical.append({'name': row[0], 'type': row[1], 'is_written': place.endswith('.csv')}) %}
        {% endfor %}
    {% endif %}
    {% set columns = [] %}
    {% for column in node.columns.values() %}
        {% do columns.append(expansion_triggers.column_contract(
            node, column, physical, place, source_sql, names.get(column.name)
        )) %}
    {% endfor %}
    {% do columns.extend(expansion_triggers.person_columns(node, physical, place)) %}
    {{ return({
        'vendor': node.source_name, 'name': table, 'from': source_sql, 'place': place, 'columns': columns,
        'not_empty': meta.get('not_empty', false),
        'key': node.columns.values() | map(attribute='name') | first,
    }) }}
{%- endmacro %}

{% macro contract_meta(node) -%}
    {% set meta = {} %}
    {% do meta.update(node.meta or {}) %}
    {% do meta.update((node.config or {}).get('meta') or {}) %}
    {{ return(meta) }}
{%- endmacro %}

{#- Whether a vendor serves a domain, or any. To the linter, which renders a variable as text, all of them are used. -#}
{% macro is_vendor_used(vendor, domain=none) -%}
    {% set sources = var('sources') %}
    {% set names = [] %}
    {% if sources is mapping %}
        {% for served, vendors in sources.items() if domain is none or served == domain %}
            {% do names.extend(vendors or []) %}
        {% endfor %}
    {% else %}
        {% do names.append(vendor) %}
    {% endif %}
    {{ return(vendor in names) }}
{%- endmacro %}

{#-
    A column is read under its contract's name or the vendor's own spelling of it (AccountId, time_zone__c): equal
    without case and underscores. Where both stand, the vendor's spelling is filled by the newer connector and wins.
    renamed: the landed name that a var gives the column, and which var that is.
-#}
{% macro column_contract(node, column, physical, place, source_sql, renamed=none) -%}
    {% set meta = expansion_triggers.contract_meta(column) %}
    {% set wanted = renamed.theirs if renamed else meta.get('landed_as', column.name) %}
    {% if meta.get('crm_field') and not renamed %}
        {% set configured = var('crm_fields').get(meta.crm_field) %}
        {% set wanted = meta.get('prefix', '') ~ configured if configured else column.name %}
    {% endif %}
    {% set same = [] %}
    {% set respelled = [] %}
    {% for found in physical %}
        {% if found.name | lower == wanted | lower %}
            {% do same.append(found) %}
        {% elif found.name | lower | replace('_', '') == wanted | lower | replace('_', '') %}
            {% do respelled.append(found) %}
        {% endif %}
    {% endfor %}
    {% set matches = respelled + same %}
    {% if source_sql and renamed and not matches %}
        {% do exceptions.raise_compiler_error(
            renamed.said_in ~ ': ' ~ column.name ~ ': ' ~ place ~ ' has no column ' ~ wanted ~ ': expected one of '
            ~ physical | map(attribute='name') | join(', ') ~ '.'
        ) %}
    {% endif %}
    {% if source_sql and not matches and meta.get('required') %}
        {% do exceptions.raise_compiler_error(
            place ~ ' has no column ' ~ wanted ~ ': expected a column of type ' ~ column.data_type ~ '.'
        ) %}
    {% endif %}
    {% set raw = none %}
    {% set castable = false %}
    {% if matches | length == 1 %}
        {% set castable = expansion_triggers.casts_always(matches[0].type, column.data_type) %}
        {% set raw = expansion_triggers.landed_value(
            adapter.quote(matches[0].name), matches[0].type, column.data_type, meta.get('not_null', false),
            matches[0].is_written
        ) %}
    {% elif matches %}
        {% set both = 'coalesce(cast(' ~ adapter.quote(matches[0].name) ~ ' as ' ~ dbt.type_string() ~ '), cast('
            ~ adapter.quote(matches[1].name) ~ ' as ' ~ dbt.type_string() ~ '))' %}
        {% set raw = expansion_triggers.landed_value(
            both, 'STRING', column.data_type, meta.get('not_null', false), matches[0].is_written
        ) %}
    {% endif %}
    {{ return({
        'name': column.name, 'type': column.data_type, 'raw': raw, 'castable': castable,
        'landed_type': 'STRING' if matches | length > 1 else (matches[0].type if matches else none),
        'not_null': meta.get('not_null', false), 'required': meta.get('required', false), 'wanted': wanted,
    }) }}
{%- endmacro %}

{#- Whether every value of the landed type has a value in the contract's type, so that no row need be looked at. -#}
{% macro casts_always(landed_type, contract_type) -%}
    {% set landed = expansion_triggers.type_name(landed_type) %}
    {% set wanted = expansion_triggers.type_name(contract_type) %}
    {% set whole = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER'] %}
    {{ return(
        landed == wanted
        or wanted == 'STRING'
        or (wanted == 'BIGINT' and landed in whole)
        or (wanted == 'DOUBLE' and (landed in whole or landed in ['FLOAT', 'UBIGINT', 'HUGEINT'] or landed.startswith('DECIMAL')))
        or (wanted == 'TIMESTAMP' and landed.startswith('TIMESTAMP'))
        or (wanted == 'TIMESTAMP' and landed == 'DATE')
        or (wanted == 'DATE' and landed.startswith('TIMESTAMP'))
    ) }}
{%- endmacro %}

{% macro typed_value(column) -%}
    {%- if column.raw is none -%}
        cast(null as {{ column.type }})
    {%- elif column.castable -%}
        cast({{ column.raw }} as {{ column.type }})
    {#- Which of its values is read depends on what landed, the value itself on how it is written. -#}
    {%- else -%}
        {{- expansion_triggers.read_value(column) -}}
    {%- endif -%}
{%- endmacro %}

{#- The conditions under which a row of the table is bad, each with its reason. -#}
{% macro row_faults(table) -%}
    {% set faults = [] %}
    {% for column in table.columns %}
        {% if column.raw is not none %}
            {% if not column.castable %}
                {% do faults.append({
                    'column': column.name, 'reason': 'does_not_cast_to_' ~ column.type,
                    'sql': '(' ~ column.raw ~ ' is not null and ' ~ expansion_triggers.typed_value(column) ~ ' is null)',
                }) %}
            {% endif %}
            {% if column.not_null %}
                {% do faults.append({
                    'column': column.name, 'reason': 'null_' ~ column.name, 'sql': '(' ~ column.raw ~ ' is null)',
                }) %}
            {% endif %}
            {% set absurd = expansion_triggers.absurd_moment(column) %}
            {% if absurd %}
                {% do faults.append({'column': column.name, 'reason': 'absurd_' ~ column.name, 'sql': absurd}) %}
            {% endif %}
        {% endif %}
    {% endfor %}
    {{ return(faults) }}
{%- endmacro %}

{#-
    Moments that are nobody's: before 1990, and from 2200 on where every row has one. A zero or the first of a calendar is how
    a system writes that it knows none. An end may lie beyond: that is how history says for ever; and its start is the connector's.
-#}
{% macro absurd_moment(column) -%}
    {% set is_judged = column.type == 'timestamp' and (column.required or column.not_null) %}
    {% if not is_judged or column.name.startswith('_fivetran') %}
        {{ return(none) }}
    {% endif %}
    {% set moment = expansion_triggers.typed_value(column) | trim %}
    {% set absurd = moment ~ " < cast('1990-01-01' as timestamp)" %}
    {% if column.not_null %}
        {% set absurd = absurd ~ ' or ' ~ moment ~ " >= cast('2200-01-01' as timestamp)" %}
    {% endif %}
    {{ return('coalesce(' ~ absurd ~ ', false)') }}
{%- endmacro %}

{% macro typed_select(table) -%}
    {%- set faults = expansion_triggers.row_faults(table) -%}
    select
    {% for column in table.columns %}
        {{ expansion_triggers.typed_value(column) }} as {{ adapter.quote(column.name) }}{{ ',' if not loop.last }}
    {% endfor %}
    {% if not table.from %}
        where false
    {% else %}
        from {{ table.from }}
        {% if faults %}
            where not ({{ faults | map(attribute='sql') | join(' or ') }})
        {% endif %}
    {% endif %}
{%- endmacro %}

{#- Ids and reasons only: a quarantined value may be a person's. A row counts once, under its first fault. -#}
{% macro quarantine_selects(table) -%}
    {% set faults = expansion_triggers.row_faults(table) %}
    {% if not faults %}
        {{ return([]) }}
    {% endif %}
    {% set cases_column = [] %}
    {% set cases_reason = [] %}
    {% for fault in faults %}
        {% do cases_column.append('when ' ~ fault.sql ~ " then '" ~ fault.column ~ "'") %}
        {% do cases_reason.append('when ' ~ fault.sql ~ " then '" ~ fault.reason ~ "'") %}
    {% endfor %}
    {% set key = table.columns[0].raw or 'null' %}
    {{ return([
        "select '" ~ table.vendor ~ "' as source_name, '" ~ table.name ~ "' as table_name, cast(" ~ key
        ~ ' as ' ~ dbt.type_string() ~ ') as record_id, case ' ~ cases_column | join(' ') ~ ' end as column_name, case '
        ~ cases_reason | join(' ') ~ ' end as reason from ' ~ table.from
        ~ ' where ' ~ faults | map(attribute='sql') | join(' or ')
    ]) }}
{%- endmacro %}

{% macro no_quarantined_rows() -%}
    {{ return("select '' as source_name, '' as table_name, '' as record_id, '' as column_name, '' as reason where false") }}
{%- endmacro %}

{#- A column in which nothing casts is a wrong column, not a set of bad rows. -#}
{% macro check_columns_cast(table) -%}
    {% set doubtful = [] %}
    {% for column in table.columns %}
        {% if column.raw is not none and not column.castable %}
            {% do doubtful.append(column) %}
        {% endif %}
    {% endfor %}
    {% if doubtful %}
        {% set counts = [] %}
        {% for column in doubtful %}
            {% do counts.append(
                'count(' ~ column.raw ~ '), count(' ~ expansion_triggers.typed_value(column) ~ ')'
            ) %}
        {% endfor %}
        {% set row = run_query('select ' ~ counts | join(', ') ~ ' from ' ~ table.from)[0] %}
        {% for column in doubtful %}
            {% if row[2 * loop.index0] > 0 and row[2 * loop.index0 + 1] == 0 %}
                {% do exceptions.raise_compiler_error(
                    table.place ~ ': no value of column ' ~ column.wanted ~ ' is a ' ~ column.type
                    ~ ': expected type ' ~ column.type ~ '.'
                ) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{#- Stops on an empty table that must not be, and above the share of bad rows that a build may carry. -#}
{% macro check_row_counts(tables) -%}
    {% set selects = [] %}
    {% for table in tables %}
        {% set faults = expansion_triggers.row_faults(table) %}
        {% do selects.append(
            'select ' ~ loop.index0 ~ ' as n, count(*) as landed_rows, '
            ~ ('count(*) filter (where ' ~ faults | map(attribute='sql') | join(' or ') ~ ')' if faults else '0')
            ~ ' as bad_rows from ' ~ table.from
        ) %}
    {% endfor %}
    {% if selects %}
        {% for row in run_query(selects | join(' union all ') ~ ' order by 1') %}
            {% set table = tables[row[0]] %}
            {% if table.not_empty and row[1] == 0 %}
                {% do exceptions.raise_compiler_error(table.place ~ ' is empty: expected at least one row.') %}
            {% endif %}
            {% if row[2] > row[1] * var('max_quarantined_share') %}
                {% do exceptions.raise_compiler_error(
                    table.place ~ ': ' ~ row[2] ~ ' of ' ~ row[1] ~ ' rows are bad (the first: '
                    ~ expansion_triggers.first_fault(table) ~ '): expected at most '
                    ~ (100 * var('max_quarantined_share')) ~ ' % (max_quarantined_share).'
                ) %}
            {% endif %}
        {% endfor %}
    {% endif %}
{%- endmacro %}

{% macro first_fault(table) -%}
    {% set row = run_query(expansion_triggers.quarantine_selects(table)[0] ~ ' limit 1')[0] %}
    {{ return('row ' ~ (row[2] if row[2] is not none else 'without key') ~ ', column ' ~ row[3] ~ ', ' ~ row[4]) }}
{%- endmacro %}
