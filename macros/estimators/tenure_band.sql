{#- The tenure part of a stratum: first day of the band. Below 60 days only triggers without a stage look. -#}
{% macro tenure_band(tenure_days) -%}
    case
        when {{ tenure_days }} >= 365
        then 365
        when {{ tenure_days }} >= 180
        then 180
        when {{ tenure_days }} >= 60
        then 60
        else 0
    end
{%- endmacro %}
