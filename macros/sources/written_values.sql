{#-
    Values as landings write them. landed_value is what landed, null where it only says that there is none; read_value
    makes it the contract's type, or null, which quarantines the row: what could be read two ways is not believed.
-#}
{% macro landed_value(raw, landed_type, wanted_type, is_key) -%}
    {% set landed = landed_type | upper %}
    {% set wanted = wanted_type | upper %}
    {% if landed in ['DOUBLE', 'FLOAT'] %}
        {#- What data frames write into a column of numbers for a missing one. -#}
        {{ return('case when not isnan(' ~ raw ~ ') then ' ~ raw ~ ' end') }}
    {% elif landed == 'TIMESTAMP WITH TIME ZONE' %}
        {{ return("timezone('UTC', " ~ raw ~ ')') }}
    {% elif landed == 'VARCHAR' and (wanted != 'VARCHAR' or is_key) %}
        {#- Text that nobody typed: a word for nothing is nothing. -#}
        {{ return("case when trim(" ~ raw ~ ") not in ('', 'NULL', 'null', '\\N') then trim(" ~ raw ~ ") end") }}
    {% elif wanted == 'VARCHAR' and (landed.startswith('STRUCT') or landed.startswith('MAP') or landed.endswith('[]')) %}
        {{ return('cast(to_json(' ~ raw ~ ') as varchar)') }}
    {% endif %}
    {{ return(raw) }}
{%- endmacro %}

{% macro read_value(column) -%}
    {% set wanted = column.type | upper %}
    {% set numbers = ['DOUBLE', 'FLOAT', 'HUGEINT', 'UBIGINT', 'BIGINT', 'INTEGER', 'SMALLINT', 'TINYINT', 'BOOLEAN'] %}
    {% set is_number = column.landed_type in numbers or column.landed_type.startswith('DECIMAL') %}
    {% if wanted in ['TIMESTAMP', 'DATE'] %}
        {{ return(expansion_triggers.written_moment('cast(' ~ column.raw ~ ' as varchar)', wanted)) }}
    {% elif wanted == 'DOUBLE' and not is_number %}
        {#- Digits alone: a text such as nan or inf casts as well. -#}
        {{ return(
            "case when regexp_full_match(" ~ column.raw ~ ", '[+-]?[0-9]*[.]?[0-9]+[.]?([eE][+-]?[0-9]+)?') then try_cast("
            ~ column.raw ~ ' as double) end'
        ) }}
    {% elif wanted == 'BIGINT' %}
        {#- A whole number, with decimals or without; 90.5 is none. -#}
        {% set whole = 'try_cast(' ~ column.raw ~ ' as bigint)' %}
        {{ return(
            'case when ' ~ whole ~ ' = try_cast(' ~ column.raw ~ ' as double) then ' ~ whole ~ ' end'
        ) }}
    {% endif %}
    {{ return('try_cast(' ~ column.raw ~ ' as ' ~ column.type ~ ')') }}
{%- endmacro %}

{#-
    A moment or day that was written out: year first, of four digits, with the offset that it carries. A zone by name
    other than UTC, a day before its month and a number of seconds are not read.
-#}
{% macro written_moment(text, wanted) -%}
    {% set day = '[1-9][0-9]{3}-[0-9]{1,2}-[0-9]{1,2}' %}
    {% set time = '[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?' %}
    {% set offset = "[ ]?(Z|z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)" %}
    {% set local = 'try_cast(' ~ text ~ ' as timestamp)' %}
    {% set with_offset = "timezone('UTC', try_cast(regexp_replace(" ~ text ~ ", '[ ]?(Z|z|UTC|GMT)$', '+00') as timestamptz))" %}
    {% set moment = 'case when regexp_full_match(' ~ text ~ ", '" ~ day ~ '(' ~ time ~ ")?') then " ~ local
        ~ ' when regexp_full_match(' ~ text ~ ", '" ~ day ~ time ~ offset ~ "') then " ~ with_offset ~ ' end' %}
    {{ return(moment if wanted == 'TIMESTAMP' else 'cast(' ~ moment ~ ' as date)') }}
{%- endmacro %}
