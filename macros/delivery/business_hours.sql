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

{#- Minutes from midnight to an end of the send window (opens, closes), which must lie in this order. -#}
{% macro window_minutes(end) -%}
    {%- set minutes = {} -%}
    {%- for name in ['opens', 'closes'] -%}
        {%- set parts = setting('send_window', name).split(':') -%}
        {%- do minutes.update({name: parts[0] | int * 60 + parts[1] | int}) -%}
    {%- endfor -%}
    {%- if minutes['opens'] >= minutes['closes'] and exceptions is defined -%}
        {%- do exceptions.raise_compiler_error(
            'vars: send_window is empty: opens at ' ~ setting('send_window', 'opens') ~ ' and closes at '
            ~ setting('send_window', 'closes') ~ ': expected a time to open before the time to close.'
        ) -%}
    {%- endif -%}
    {{ return(minutes[end]) }}
{%- endmacro %}
