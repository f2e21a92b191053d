{#- One set's part of R: what the exposed contribute to the ratio's numerator. -#}
{% macro mantel_haenszel_exposed(a, n1, n0) -%}
    (cast({{ a }} as double) * {{ n0 }} / ({{ n1 }} + {{ n0 }}))
{%- endmacro %}

{#- One set's part of S: what the controls contribute to the ratio's denominator. -#}
{% macro mantel_haenszel_controls(c, n1, n0) -%}
    (cast({{ c }} as double) * {{ n1 }} / ({{ n1 }} + {{ n0 }}))
{%- endmacro %}

{#- One set's weight: R over the sum of these is a rate, and so is S. -#}
{% macro mantel_haenszel_weight(n1, n0) -%}(cast({{ n1 }} as double) * {{ n0 }} / ({{ n1 }} + {{ n0 }})) {%- endmacro %}

{% macro mantel_haenszel_ratio(r, s) -%}
    case when {{ r }} > 0 and {{ s }} > 0 then {{ r }} / {{ s }} end
{%- endmacro %}

{% macro greenland_robins_term(a, n1, c, n0) -%}
    (
        (
            (cast({{ a }} as double) + {{ c }}) * {{ n1 }} * {{ n0 }}
            - cast({{ a }} as double) * {{ c }} * ({{ n1 }} + {{ n0 }})
        )
        / power(cast({{ n1 }} + {{ n0 }} as double), 2)
    )
{%- endmacro %}

{% macro greenland_robins_error(term_sum, r, s) -%}
    case when {{ r }} > 0 and {{ s }} > 0 then sqrt(greatest({{ term_sum }}, 0.0) / ({{ r }} * {{ s }})) end
{%- endmacro %}

{#- Rounding can leave a sum of squares a hair below zero: zero then. -#}
{% macro clustered_error(n_accounts, sum_aa, sum_ab, sum_bb, r, s) -%}
    case
        when {{ n_accounts }} > 1 and {{ r }} > 0 and {{ s }} > 0
        then
            sqrt(
                cast({{ n_accounts }} as double)
                / ({{ n_accounts }} - 1)
                * greatest(
                    {{ sum_aa }} - 2 * ({{ r }} / {{ s }}) * {{ sum_ab }} + power({{ r }} / {{ s }}, 2) * {{ sum_bb }},
                    0.0
                )
            )
            / {{ r }}
    end
{%- endmacro %}

{#- Which of two errors speaks: of few outcomes the clustered one is too small, and of next to none there is none. -#}
{% macro speaking_error(clustered, independent, exposed_outcomes, control_outcomes) -%}
    case
        when {{ exposed_outcomes }} + {{ control_outcomes }} < 3
        then null
        when {{ clustered }} is not null and ({{ exposed_outcomes }} < 10 or {{ control_outcomes }} < 10)
        then greatest({{ clustered }}, coalesce({{ independent }}, {{ clustered }}))
        else {{ clustered }}
    end
{%- endmacro %}

{#- A bound of the ratio; no bound where the error is unknown or zero, as with a single account. -#}
{% macro log_bound(ratio, error, sign) -%}
    case
        when {{ ratio }} > 0 and {{ error }} > 0 then exp(ln({{ ratio }}) {{ sign }} {{ normal_975() }} * {{ error }})
    end
{%- endmacro %}
