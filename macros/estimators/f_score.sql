{#- F of precision x / n and recall y / m; null where either is unknown, zero where both are zero. -#}
{% macro f_score(x, n, y, m, beta) -%}
    {%- set precision = share(x, n) -%}
    {%- set recall = share(y, m) -%}
    case
        when {{ n }} > 0 and {{ m }} > 0
        then
            coalesce(
                {{ 1 + beta * beta }}
                * {{ precision }}
                * {{ recall }}
                / nullif({{ beta * beta }} * {{ precision }} + {{ recall }}, 0),
                0.0
            )
    end
{%- endmacro %}
