{#- Whether a day is one of the working week; holidays are another matter. -#}
{% macro is_working_day(day) -%}
    {%- set numbers = [] -%}
    {%- for name in setting('business_days') -%} {%- do numbers.append(weekdays().index(name)) -%} {%- endfor -%}
    ({{ day_of_week(day) }} in ({{ numbers | join(', ') }}))
{%- endmacro %}

{#- Minutes from midnight to the time at which a firing of a timing is delivered. -#}
{% macro opening_minutes(timing) -%}
    {%- set parts = setting('business_hours', timing).split(':') -%} {{ return(parts[0] | int * 60 + parts[1] | int) }}
{%- endmacro %}
