{#-
    A polynomial in 9 / df, fitted at the Chebyshev nodes of [0, 1] to the exact quantile: it errs by less than 1e-13 from 9
    degrees of freedom up to infinitely many, where it is the normal one. Below 9 nothing is known of it.
-#}
{% macro student_t_975(df) -%}
    {%- set v = '(9.0e0 / cast(' ~ df ~ ' as double))' -%}
    case
        when {{ df }} >= 9
        then
            {{ horner(v, [
            '7.735798135399819e-09', '-3.4130061976611616e-08', '1.4188481145538406e-08', '1.192197669297456e-06',
            '1.2405912174173752e-05', '2.4227180348663778e-04', '3.505966347980149e-03', '3.4845661948124954e-02',
            '2.635856922544989e-01', '1.9599639845400585e+00'
        ]) }}
    end
{%- endmacro %}

{#- The variance of a difference of two means. -#}
{% macro welch_variance(variance1, n1, variance2, n2) -%}
    (cast({{ variance1 }} as double) / {{ n1 }} + cast({{ variance2 }} as double) / {{ n2 }})
{%- endmacro %}

{% macro welch_df(variance1, n1, variance2, n2) -%}
    (
        power({{ welch_variance(variance1, n1, variance2, n2) }}, 2) / nullif(
            power(cast({{ variance1 }} as double) / {{ n1 }}, 2) / nullif({{ n1 }} - 1, 0)
            + power(cast({{ variance2 }} as double) / {{ n2 }}, 2) / nullif({{ n2 }} - 1, 0),
            0
        )
    )
{%- endmacro %}

{#- Half of the interval's width. -#}
{% macro welch_half_width(variance1, n1, variance2, n2) -%}
    (
        {{ student_t_975(welch_df(variance1, n1, variance2, n2)) }}
        * sqrt({{ welch_variance(variance1, n1, variance2, n2) }})
    )
{%- endmacro %}
