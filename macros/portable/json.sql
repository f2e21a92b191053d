{#- A JSON object as text, of (key, expression) pairs; a third item 'json' marks an expression that is JSON already. -#}
{% macro json_object(pairs) -%}
    {{ return(adapter.dispatch('json_object')(pairs)) }}
{%- endmacro %}

{% macro default__json_object(pairs) -%}
    cast(json_object(
        {%- for pair in pairs %}
        '{{ pair[0] }}', {{ 'cast(' ~ pair[1] ~ ' as json)' if pair | length > 2 else pair[1] }}{{ ',' if not loop.last }}
        {%- endfor %}
    ) as varchar)
{%- endmacro %}

{#- A JSON list, as text, of JSON texts in an order. -#}
{% macro json_list(item, order) -%}
    {{ return(adapter.dispatch('json_list')(item, order)) }}
{%- endmacro %}

{% macro default__json_list(item, order) -%}
    concat('[', string_agg({{ item }}, ',' order by {{ order }}), ']')
{%- endmacro %}
