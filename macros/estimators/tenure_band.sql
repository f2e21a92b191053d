{#- The tenure part of a stratum: first day of the band (vars: tenure_bands). -#}
{% macro tenure_band(tenure_days) -%}
    case
        {%- for first_day in setting('tenure_bands') | reverse %}
            when {{ tenure_days }} >= {{ first_day }} then {{ first_day }}
        {%- endfor %}
        else 0
    end
{%- endmacro %}
