{#- A member of a JSON object, "key":value, as text. Decimals are written as numbers are, without the zeros of their type. -#}
{% macro json_member(key, value, is_text=false) -%}
    {%- set text = 'cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set double = 'cast(cast(' ~ value ~ ' as double) as ' ~ dbt.type_string() ~ ')' -%}
    {%- if is_text -%} {%- set object = json_object([(key, text)]) -%}
    {%- else -%}
        {%- set number = 'case when instr(' ~ text ~ ', \'.\') > 0 then ' ~ double ~ ' else ' ~ text ~ ' end' -%}
        {%- set object = json_object([(key, 'coalesce(' ~ number ~ ', \'null\')', 'json')]) -%}
    {%- endif -%}
    substr({{ object }}, 2, length({{ object }}) - 2)
{%- endmacro %}
