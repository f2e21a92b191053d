{#- The step between two thresholds: six percent of the one in force, to one digit; whole numbers where the signal has them. -#}
{% macro sweep_step(threshold, kind) -%}
    {%- set raw = '(0.06e0 * abs(' ~ threshold ~ '))' -%}
    {%- set unit = 'power(10.0e0, floor(ln(' ~ raw ~ ') / ln(10.0e0)))' -%}
    case
        when {{ threshold }} = 0
        then case when {{ kind }} = 'ratio' then 0.05e0 else 1.0e0 end
        when {{ kind }} = 'ratio'
        then round({{ raw }} / {{ unit }}) * {{ unit }}
        else greatest(1.0e0, round(round({{ raw }} / {{ unit }}) * {{ unit }}))
    end
{%- endmacro %}
