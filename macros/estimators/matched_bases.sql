{#- The bases of lift that match index events with other accounts; within, the fourth, sets an account against itself. -#}
{% macro matched_bases() -%} {{ return(['all', 'untouched', 'alone']) }} {%- endmacro %}
