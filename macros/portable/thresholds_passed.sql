{#-
    The account-days on which signals pass at least the loosest threshold of the ranges in a relation, with the number passed,
    at most nine; with ends_only those at which a run of such a number begins or ends. The table of the signals is read as a
    table, not as a CTE, which DuckDB would keep whole for so many readers.
-#}
{% macro thresholds_passed(signals, ranges, accounts, names, ends_only=false) -%}
    {{ return(adapter.dispatch('thresholds_passed', 'expansion_triggers')(signals, ranges, accounts, names, ends_only)) }}
{%- endmacro %}

{#- A branch a signal, which reads one column of the wide table: many small sorts are cheaper than a large one. -#}
{% macro default__thresholds_passed(signals, ranges, accounts, names, ends_only) -%}
    {% for name in names -%}
        {%- set passes = passes_of(
            signals, ranges, accounts, 'cast(signals.' ~ name ~ ' as double)', "ranges.signal = '" ~ name ~ "'"
        ) -%}
        {{ run_ends(passes) if ends_only else passes }} {{ 'union all' if not loop.last }}
    {% endfor %}
{%- endmacro %}

{#- All in one: the stages of a hundred branches cost Spark more than the rows do. -#}
{% macro spark__thresholds_passed(signals, ranges, accounts, names, ends_only) -%}
    {%- set listed -%}
        (
            select
                account_id,
                signal_on,
                array({% for name in names %} cast({{ name }} as double){{ ',' if not loop.last }} {% endfor %}) as known
            from {{ signals }}
        )
    {%- endset -%}
    {%- set placed -%}
        (
            select *, cast(array_position(array('{{ names | join("', '") }}'), signal) as int) as place from {{ ranges }}
        )
    {%- endset -%}
    {%- set passes = passes_of(
        listed, placed, accounts, 'element_at(signals.known, ranges.place)', 'ranges.place > 0'
    ) -%}
    {{ run_ends(passes) if ends_only else passes }}
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
