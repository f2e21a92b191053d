{#-
    Queries of the account-days on which signals pass at least the loosest threshold of the ranges in a relation, with the
    number passed, at most nine. Each query reads the table of the signals, not a CTE, which DuckDB would keep whole for so
    many readers.
-#}
{% macro thresholds_passed(signals, ranges, accounts, names) -%}
    {{ return(adapter.dispatch('thresholds_passed', 'expansion_triggers')(signals, ranges, accounts, names)) }}
{%- endmacro %}

{#- A query a signal: of the wide table it reads one column. -#}
{% macro default__thresholds_passed(signals, ranges, accounts, names) -%}
    {% set queries = [] %}
    {% for name in names %}
        {% do queries.append(
            passes_of(signals, ranges, accounts, 'cast(signals.' ~ name ~ ' as double)', "ranges.signal = '" ~ name ~ "'")
        ) %}
    {% endfor %}
    {{ return(queries) }}
{%- endmacro %}

{#- One query: the stages of a hundred cost Spark more than the rows do. -#}
{% macro spark__thresholds_passed(signals, ranges, accounts, names) -%}
    {% set listed -%}
        (
            select
                account_id,
                signal_on,
                array({% for name in names %} cast({{ name }} as double){{ ',' if not loop.last }} {% endfor %}) as known
            from {{ signals }}
        )
    {%- endset %}
    {% set placed -%}
        (
            select *, cast(array_position(array('{{ names | join("', '") }}'), signal) as int) as place from {{ ranges }}
        )
    {%- endset %}
    {{ return([passes_of(listed, placed, accounts, 'element_at(signals.known, ranges.place)', 'ranges.place > 0')]) }}
{%- endmacro %}

{#-
    The quotient is moved by a hair because an exact edge, divided by a step like 0.05, is a hair beside the whole number.
-#}
{% macro passes_of(signals, ranges, accounts, value, is_asked) -%}
    {%- set steps = '(ranges.direction * ' ~ value ~ ' - ranges.loosest_threshold) / ranges.step' -%}
    select
        ranges.condition_key,
        accounts.account_key,
        signals.signal_on,
        cast(
            least(
                9, case when ranges.is_inclusive then floor({{ steps }} + 5e-10) + 1 else ceil({{ steps }} - 5e-10) end
            ) as integer
        ) as passed
    from {{ signals }} as signals
    inner join
        {{ ranges }} as ranges
        on ranges.direction * {{ value }} >= ranges.loosest_threshold
        and (ranges.highest is null or {{ value }} <= ranges.highest)
    inner join {{ accounts }} as accounts on signals.account_id = accounts.account_id
    where {{ is_asked }} and (ranges.is_inclusive or ranges.direction * {{ value }} > ranges.loosest_threshold)
{%- endmacro %}
