{#- A text as its vendor meant it: without blanks around it, and null where it only says that there is none. -#}
{% macro known_text(column) -%}
    case
        when
            instr(
                (
                    select {{ dbt.concat(["'|'", joined_texts("lower(coalesce(placeholder, 'null'))", '|', "coalesce(placeholder, 'null')"), "'|'"]) }}
                    from {{ ref('placeholder_values') }}
                ),
                {{ dbt.concat(["'|'", 'lower(' ~ trimmed(as_text(column)) ~ ')', "'|'"]) }}
            )
            > 0
        then null
        else nullif({{ trimmed(as_text(column)) }}, '')
    end
{%- endmacro %}

{#-
    An id in the one form in which ids are compared; every id of a landing passes through here. A number may have landed
    with decimals or as a power of ten, and the letters of a UUID have no case.
-#}
{% macro known_id(column) -%}
    {%- set id = trimmed(as_text(column)) -%}
    {%- set signs = 'translate(' ~ id ~ ", '0123456789', '')" -%}
    case
        when {{ id }} like '%.0%' and {{ signs }} = '.'
        then {{ replace_pattern(id, '[.]0+$', '') }}
        when {{ id }} like '_.%' and upper({{ signs }}) in ('.E', '.E+')
        then cast(cast(cast({{ id }} as double) as bigint) as {{ dbt.type_string() }})
        when {{ id }} like '________-____-____-____-____________'
        then lower({{ id }})
        else {{ known_text(column) }}
    end
{%- endmacro %}

{#-
    The same of the id of an event, where there are as many as events: one that no rule above could change - longer than every
    word for nothing, without blanks, point or a UUID's capitals - is taken as it is, and the rules see the others only.
-#}
{% macro known_message_id(column) -%}
    {%- set id = as_text(column) -%}
    {%- set is_plain -%}
        length({{ id }})
        > (select max(length(coalesce(placeholder, 'null'))) from {{ ref('placeholder_values') }})
        and (not {{ has_other_than(id, 'a-z0-9_-') }} or not {{ has_other_than(id, 'A-Za-z0-9_') }})
    {%- endset -%}
    case
        when {{ is_plain }} then {{ id }} else {{ known_id('case when not (' ~ is_plain ~ ') then ' ~ id ~ ' end') }}
    end
{%- endmacro %}

{% macro as_text(column) -%} cast({{ column }} as {{ dbt.type_string() }}) {%- endmacro %}

{#- The short form of a Salesforce id of 18 characters, three of which only repeat the case of the others. -#}
{% macro short_id(id) -%} case when length({{ id }}) = 18 then substr({{ id }}, 1, 15) end {%- endmacro %}
