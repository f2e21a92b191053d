{% macro newcombe_low(x1, n1, x2, n2) -%}
    (
        {{ share(x1, n1) }}
        - {{ share(x2, n2) }}
        - sqrt(
            power({{ share(x1, n1) }} - {{ wilson_low(x1, n1) }}, 2)
            + power({{ wilson_high(x2, n2) }} - {{ share(x2, n2) }}, 2)
        )
    )
{%- endmacro %}

{% macro newcombe_high(x1, n1, x2, n2) -%}
    (
        {{ share(x1, n1) }}
        - {{ share(x2, n2) }}
        + sqrt(
            power({{ wilson_high(x1, n1) }} - {{ share(x1, n1) }}, 2)
            + power({{ share(x2, n2) }} - {{ wilson_low(x2, n2) }}, 2)
        )
    )
{%- endmacro %}
