{#- What differs between engines where the landing is read: to list files, to read them, to describe a query. -#}
{% macro files_of(landing) -%} {{ return(adapter.dispatch('files_of', 'expansion_triggers')(landing)) }} {%- endmacro %}

{% macro default__files_of(landing) -%}
    {{ return("select file from glob('" ~ landing.replace("'", "''") ~ "/*/*/*')") }}
{%- endmacro %}

{#- The binaryFile source lists a folder; what the files hold is not read. -#}
{% macro spark__files_of(landing) -%}
    {{ return('select path from binaryFile.`' ~ expansion_triggers.absolute_location(landing) ~ '/*/*/*`') }}
{%- endmacro %}

{#- Spark finds a relative path in its own working directory, which on a cluster is not the project's. -#}
{% macro absolute_location(folder) -%}
    {{ return(folder if folder.startswith('/') or '://' in folder else env_var('PWD') ~ '/' ~ folder) }}
{%- endmacro %}

{#- A table that landed as files of a kind, parquet or csv, as a relation; the columns of several files are put together. -#}
{% macro landed_relation(node, folder, kind) -%}
    {{ return(adapter.dispatch('landed_relation', 'expansion_triggers')(node, folder, kind)) }}
{%- endmacro %}

{% macro default__landed_relation(node, folder, kind) -%}
    {% set path = folder.replace("'", "''") %}
    {{ return(
        "read_parquet('" ~ path ~ "/*.parquet', union_by_name = true)" if kind == 'parquet'
        else "read_csv('" ~ path ~ "/*.csv', header = true, all_varchar = true, union_by_name = true)"
    ) }}
{%- endmacro %}

{#-
    A table over the files, made anew at every build: it knows CSV's header, and puts the columns of several files together
    once, where a view of the path would do so at every read.
-#}
{% macro spark__landed_relation(node, folder, kind) -%}
    {% set place = expansion_triggers.absolute_location(folder).replace("'", "\\'") %}
    {% set relation = adapter.quote(node.schema) ~ '.' ~ adapter.quote('landed_' ~ folder.split('/')[-1]) %}
    {% set csv = ", header 'true', multiLine 'true', escape '\"'" if kind == 'csv' else '' %}
    {% do run_query('drop table if exists ' ~ relation) %}
    {% do run_query(
        'create table ' ~ relation ~ ' using ' ~ kind ~ " options (path '" ~ place ~ "', mergeSchema 'true'" ~ csv ~ ')'
    ) %}
    {{ return(relation) }}
{%- endmacro %}

{% macro described(sql) -%} {{ return(adapter.dispatch('described', 'expansion_triggers')(sql)) }} {%- endmacro %}

{% macro default__described(sql) -%} {{ return('describe ' ~ sql) }} {%- endmacro %}

{% macro spark__described(sql) -%} {{ return('describe query ' ~ sql) }} {%- endmacro %}
