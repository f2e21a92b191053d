{#-
    Values as landings write them. landed_value is what landed, null where it only says that there is none; read_value
    makes it the contract's type, or null, which quarantines the row: what could be read two ways is not believed.
-#}
{% macro landed_value(raw, landed_type, wanted_type, is_key=false, is_written=false) -%}
    {% set landed = expansion_triggers.type_name(landed_type) %}
    {% set wanted = expansion_triggers.type_name(wanted_type) %}
    {% set is_text = wanted == 'STRING' %}
    {% if landed in ['DOUBLE', 'FLOAT'] %}
        {#- What data frames write into a column of numbers for a missing one. -#}
        {{ return('case when not isnan(' ~ raw ~ ') then ' ~ raw ~ ' end') }}
    {% elif landed == 'TIMESTAMP WITH TIME ZONE' %} {{ return("timezone('UTC', " ~ raw ~ ')') }}
    {% elif landed == 'STRING' and (is_key or not is_text) %}
        {#- Text that nobody typed: a word for nothing is nothing. -#}
        {{ return(expansion_triggers.unless_words('trim(' ~ raw ~ ')', ["''", "'NULL'", "'null'"])) }}
    {% elif landed == 'STRING' and is_written %} {{ return(expansion_triggers.unless_words(raw, ["''", "'NULL'"])) }}
    {% elif is_text and (landed.startswith('STRUCT') or landed.startswith('MAP') or landed.startswith('ARRAY') or landed.endswith('[]')) %}
        {{ return('cast(to_json(' ~ raw ~ ') as ' ~ dbt.type_string() ~ ')') }}
    {% endif %}
    {{ return(raw) }}
{%- endmacro %}

{#- The text, or null where it is one of the words or \N. -#}
{% macro unless_words(text, words) -%}
    {{ return(
        'case when ' ~ text ~ ' not in (' ~ words | join(', ') ~ ", concat(chr(92), 'N')) then " ~ text ~ ' end'
    ) }}
{%- endmacro %}

{#- A type by the name that both engines know it by. -#}
{% macro type_name(type) -%}
    {% set names = {'VARCHAR': 'STRING', 'INT': 'INTEGER', 'LONG': 'BIGINT'} %}
    {{ return(names.get(type | upper, type | upper)) }}
{%- endmacro %}

{% macro read_value(column) -%}
    {% set wanted = expansion_triggers.type_name(column.type) %}
    {% set landed = expansion_triggers.type_name(column.landed_type) %}
    {% set numbers = ['DOUBLE', 'FLOAT', 'HUGEINT', 'UBIGINT', 'BIGINT', 'INTEGER', 'SMALLINT', 'TINYINT', 'BOOLEAN'] %}
    {% set is_number = landed in numbers or landed.startswith('DECIMAL') %}
    {% if wanted in ['TIMESTAMP', 'DATE'] %}
        {{ return(expansion_triggers.written_moment('cast(' ~ column.raw ~ ' as ' ~ dbt.type_string() ~ ')', wanted)) }}
    {% elif wanted == 'DOUBLE' and not is_number %}
        {#- Digits alone: a text such as nan or inf casts as well. -#}
        {{ return(
            'case when ' ~ expansion_triggers.matches_wholly(column.raw, '[+-]?[0-9]*[.]?[0-9]+[.]?([eE][+-]?[0-9]+)?')
            ~ ' then try_cast(' ~ column.raw ~ ' as double) end'
        ) }}
    {% elif wanted == 'BIGINT' %}
        {#- A whole number, with decimals or without; 90.5 is none. -#}
        {% set whole = expansion_triggers.whole_number(column.raw) %}
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
    {% set offset = '[ ]?(Z|z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)' %}
    {% set moment = 'case when ' ~ expansion_triggers.matches_wholly(text, day ~ '(' ~ time ~ ')?') ~ ' then try_cast('
        ~ text ~ ' as timestamp) when ' ~ expansion_triggers.matches_wholly(text, day ~ time ~ offset) ~ ' then '
        ~ expansion_triggers.moment_with_offset(text) ~ ' end' %}
    {{ return(moment if wanted == 'TIMESTAMP' else 'cast(' ~ moment ~ ' as date)') }}
{%- endmacro %}

{#- Whether the pattern holds for the text as a whole. -#}
{% macro matches_wholly(text, pattern) -%}
    {{ return(adapter.dispatch('matches_wholly', 'expansion_triggers')(text, pattern)) }}
{%- endmacro %}

{% macro default__matches_wholly(text, pattern) -%}
    {{ return('regexp_full_match(' ~ text ~ ", '" ~ pattern ~ "')") }}
{%- endmacro %}

{% macro spark__matches_wholly(text, pattern) -%} {{ return(text ~ " rlike '^(" ~ pattern ~ ")$'") }} {%- endmacro %}

{#- A number, or a text of one, as a whole number; null where it is none. -#}
{% macro whole_number(number) -%}
    {{ return(adapter.dispatch('whole_number', 'expansion_triggers')(number)) }}
{%- endmacro %}

{% macro default__whole_number(number) -%} {{ return('try_cast(' ~ number ~ ' as bigint)') }} {%- endmacro %}

{#- Spark takes no text with a point or a power of ten for a whole number. -#}
{% macro spark__whole_number(number) -%}
    {{ return(
        "coalesce(try_cast(regexp_replace(cast(" ~ number ~ " as string), '[.]0*$', '') as bigint), try_cast(try_cast("
        ~ number ~ ' as double) as bigint))'
    ) }}
{%- endmacro %}

{#- The UTC moment of a text that ends on an offset, Z, UTC or GMT; null where it cannot be read. -#}
{% macro moment_with_offset(text) -%}
    {{ return(adapter.dispatch('moment_with_offset', 'expansion_triggers')(text)) }}
{%- endmacro %}

{% macro default__moment_with_offset(text) -%}
    {{ return(
        "timezone('UTC', try_cast(regexp_replace(regexp_replace(" ~ text ~ ", '(Z|z|UTC|GMT)$', '+00'), '[ ]([+-][0-9:]+)$', '\\1') as timestamptz))"
    ) }}
{%- endmacro %}

{#- Of one to two digits an hour, of offsets only +hh:mm is read alike by every Spark. -#}
{% macro spark__moment_with_offset(text) -%}
    {{ return(
        "try_cast(regexp_replace(regexp_replace(regexp_replace(" ~ text ~ ", '[ ]?(Z|z|UTC|GMT)$', '+00:00'), '[ ]?([+-][0-9]{2})$', '$1:00'), "
        ~ "'[ ]?([+-][0-9]{2}):?([0-9]{2})$', '$1:$2') as timestamp)"
    ) }}
{%- endmacro %}
