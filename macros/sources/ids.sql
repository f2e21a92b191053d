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

{% macro as_text(column) -%} cast({{ column }} as {{ dbt.type_string() }}) {%- endmacro %}

{#- The short form of a Salesforce id of 18 characters, three of which only repeat the case of the others. -#}
{% macro short_id(id) -%} case when length({{ id }}) = 18 then substr({{ id }}, 1, 15) end {%- endmacro %}
