{#- One row an item of a seed's cell, a list separated by |; an empty cell has one empty item. -#}
{% macro items_of(cell) -%} {{ return(adapter.dispatch('items_of', 'expansion_triggers')(cell)) }} {%- endmacro %}

{% macro default__items_of(cell) -%} unnest(string_split(coalesce({{ cell }}, ''), '|')) {%- endmacro %}

{% macro spark__items_of(cell) -%} explode(split(coalesce({{ cell }}, ''), '[|]')) {%- endmacro %}
