{#- The 97.5 % point of the standard normal: every interval of the project is a two-sided 95 % one. -#}
{% macro normal_975() -%} 1.959963984540054 {%- endmacro %}

{#- The share x / n as a double; null where nothing was counted. -#}
{% macro share(x, n) -%} (cast({{ x }} as double) / nullif(cast({{ n }} as double), 0)) {%- endmacro %}

{% macro wilson_low(x, n) -%} {{ wilson_bound(x, n, '-') }} {%- endmacro %}

{% macro wilson_high(x, n) -%} {{ wilson_bound(x, n, '+') }} {%- endmacro %}

{% macro wilson_bound(x, n, sign) -%}
    {%- set z = normal_975() -%}
    case
        when {{ n }} > 0
        then
            least(
                1.0,
                greatest(
                    0.0,
                    (
                        cast({{ x }} as double) + {{ z }} * {{ z }} / 2
                        {{ sign }} {{ z }} * sqrt(
                            cast({{ x }} as double)
                            * (cast({{ n }} as double) - cast({{ x }} as double))
                            / cast({{ n }} as double)
                            + {{ z }} * {{ z }} / 4
                        )
                    )
                    / (cast({{ n }} as double) + {{ z }} * {{ z }})
                )
            )
    end
{%- endmacro %}
