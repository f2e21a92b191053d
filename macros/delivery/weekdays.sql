{#- In the order in which day_of_week counts them: 0 is Sunday. -#}
{% macro weekdays() -%}
    {{ return(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']) }}
{%- endmacro %}
