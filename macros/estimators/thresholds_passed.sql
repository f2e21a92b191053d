{#-
    Account-days on which a signal passes at least the loosest threshold of the ranges in a relation, with the number passed,
    at most nine. The quotient is moved by a hair because an exact edge, divided by a step like 0.05, is a hair beside the
    whole number.
-#}
{% macro thresholds_passed(signals, ranges, accounts, signal) -%}
    {%- set value = 'cast(signals.' ~ signal ~ ' as double)' -%}
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
    where
        ranges.signal = '{{ signal }}'
        and (ranges.is_inclusive or ranges.direction * {{ value }} > ranges.loosest_threshold)
{%- endmacro %}
