{#-
    A number in words of a reason: fixed decimals, the same on every engine. Nine decimals first: a sum in another order is a
    hair off, and at an edge a hair decides the last digit.
-#}
{% macro number_text(value, digits=1) -%}
    cast(
        cast(
            round(cast(round({{ value }}, 9) as decimal(28, 9)), {{ digits }}) as decimal(18, {{ digits }})
        ) as {{ dbt.type_string() }}
    )
{%- endmacro %}

{#- A ratio with its interval: 2.9 (2.1-4.0). -#}
{% macro ratio_text(ratio, low, high) -%}
    case
        when {{ ratio }} is null
        then 'unknown'
        when {{ low }} is null
        then {{ dbt.concat([number_text(ratio), "' (no interval)'"]) }}
        else {{ dbt.concat([number_text(ratio), "' ('", number_text(low), "'-'", number_text(high), "')'"]) }}
    end
{%- endmacro %}
