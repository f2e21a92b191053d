{#- What a value that is not of its kind should have been, in words; empty where it is. -#}
{% macro setting_expected(value, spec) -%}
    {%- set kind = spec[1] -%}
    {%- set is_list = value is sequence and value is not string and value is not mapping -%}
    {%- if kind == 'whole' -%} {{ return('' if value is integer and value >= 0 else 'a whole number from 0 on') }}
    {%- elif kind == 'positive' -%} {{ return('' if value is integer and value >= 1 else 'a whole number from 1 on') }}
    {%- elif kind == 'number' -%} {{ return('' if value is number and value is not boolean else 'a number') }}
    {%- elif kind == 'time' -%}
        {{ return('' if value is string and modules.re.fullmatch('([01][0-9]|2[0-3]):[0-5][0-9]', value)
            else 'a time of the day between quotation marks') }}
    {%- elif kind == 'name' -%}
        {{ return('' if value is string and modules.re.fullmatch('[A-Za-z][A-Za-z0-9_]*', value)
            else 'a name of letters, digits and underscores') }}
    {%- elif kind == 'text' -%} {{ return('' if value is string else 'a text') }}
    {%- elif kind == 'one_of' -%} {{ return('' if value in spec[2] else 'one of ' ~ spec[2] | join(', ')) }}
    {%- elif kind == 'some_of' -%}
        {%- set unknown = value | reject('in', spec[2]) | list if is_list else ['no list'] -%}
        {{ return('a list of some of ' ~ spec[2] | join(', ') if unknown or not value else '') }}
    {%- elif kind == 'rising' -%}
        {%- set wrong = value | reject('integer') | list if is_list else ['no list'] -%}
        {{ return('a list of rising whole numbers' if wrong or not value or value | unique | sort | list != value | list
            else '') }}
    {%- endif -%}
{%- endmacro %}
