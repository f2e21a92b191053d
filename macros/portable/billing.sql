{#-
    How many of Stripe's minor units make one unit of a currency. UGX and ISK have no decimals in law, yet Stripe keeps
    two in its amounts, so they are not in the list.
-#}
{% macro minor_units(currency) -%}
    case
        when
            lower({{ currency }})
            in ('bif', 'clp', 'djf', 'gnf', 'jpy', 'kmf', 'krw', 'mga', 'pyg', 'rwf', 'vnd', 'vuv', 'xaf', 'xof', 'xpf')
        then 1
        when lower({{ currency }}) in ('bhd', 'jod', 'kwd', 'omr', 'tnd')
        then 1000
        else 100
    end
{%- endmacro %}

{#- How often a billing interval (day, week, month, year) fits into a year; null for any other. -#}
{% macro intervals_a_year(unit, count) -%}
    (
        case {{ unit }} when 'day' then 365.0 when 'week' then 52.0 when 'month' then 12.0 when 'year' then 1.0 end
        / nullif(cast({{ count }} as double), 0)
    )
{%- endmacro %}

{#- A moment moved by a number of billing intervals; months keep the day of the month or take the last one. -#}
{% macro add_billing_interval(moment, unit, count) -%}
    {{ return(adapter.dispatch('add_billing_interval', 'expansion_triggers')(moment, unit, count)) }}
{%- endmacro %}

{% macro default__add_billing_interval(moment, unit, count) -%}
    (
        {{ moment }} + case
            {{ unit }}
            when 'day'
            then to_days(cast({{ count }} as integer))
            when 'week'
            then to_days(cast(7 * {{ count }} as integer))
            when 'month'
            then to_months(cast({{ count }} as integer))
            when 'year'
            then to_months(cast(12 * {{ count }} as integer))
        end
    )
{%- endmacro %}

{% macro spark__add_billing_interval(moment, unit, count) -%}
    case
        when {{ unit }} in ('day', 'week')
        then
            {{ moment }}
            + make_dt_interval(cast(case {{ unit }} when 'week' then 7 else 1 end * {{ count }} as int), 0, 0, 0)
        when {{ unit }} in ('month', 'year')
        then
            {{ moment }}
            + make_ym_interval(0, cast(case {{ unit }} when 'year' then 12 else 1 end * {{ count }} as int))
    end
{%- endmacro %}

{#- A moment moved by whole days of 24 hours. -#}
{% macro move_by_days(moment, days) -%} {{ add_minutes(moment, '1440 * (' ~ days ~ ')') }} {%- endmacro %}

{#- MRR to twelve decimals: sums of it are exact, whatever their order. -#}
{% macro native_mrr(value) -%} cast({{ value }} as decimal(38, 12)) {%- endmacro %}
