{#-
    What the components of health that are known give, each its weight times its points: the share of the way from its value
    at 0 points to its value at 100, clamped. To be divided by their weights together. components: rows of the catalogue;
    beside their models stands weights, one row with each one's weight, value at 0 and value at 100.
-#}
{% macro health_points(components) -%}
    cast(0 as double)
    {%- for signal in components %}
        {%- set value = signal.model ~ '.' ~ signal.name %}
        {%- set at_0 = 'weights.' ~ signal.name ~ '_at_0' %} + case
            when weights.{{ signal.name }}_weight is not null and {{ value }} is not null
            then
                weights.{{ signal.name }}_weight
                * 100
                * greatest(
                    0,
                    least(
                        1,
                        {{ share(
                            'cast(' ~ value ~ ' as double) - ' ~ at_0,
                            'weights.' ~ signal.name ~ '_at_100 - ' ~ at_0,
                        ) }}
                    )
                )
            else 0
        end
    {%- endfor %}
{%- endmacro %}

{% macro health_weight(components) -%}
    cast(0 as double)
    {%- for signal in components %}
        + case
            when {{ signal.model }}.{{ signal.name }} is not null
            then cast(coalesce(weights.{{ signal.name }}_weight, 0) as double)
            else 0
        end
    {%- endfor %}
{%- endmacro %}
