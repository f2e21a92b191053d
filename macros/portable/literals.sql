{#- Texts as SQL: 'a', 'b'. -#}
{% macro literals(texts) -%}
    {%- for text in texts -%} {{ dbt.string_literal(text) }}{{ ', ' if not loop.last }} {%- endfor -%}
{%- endmacro %}
