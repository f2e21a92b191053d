{#- The band of the time since the last expansion: its last day, longer, or never. -#}
{% macro last_expansion_band(days) -%}
    case
        when {{ days }} is null
        then 'never'
        {%- for last_day in [14, 30, 60, 120] %}
            when {{ days }} <= {{ last_day }} then 'within_{{ last_day }}'
        {%- endfor %}
        else 'longer'
    end
{%- endmacro %}

{#- The size of an account: least contract value of its band (vars: size_bands). -#}
{% macro size_band(contract_value) -%}
    case
        {%- for least in setting('size_bands') | reverse %}
            when {{ contract_value }} >= {{ least }} then {{ least }}
        {%- endfor %}
        else 0
    end
{%- endmacro %}
