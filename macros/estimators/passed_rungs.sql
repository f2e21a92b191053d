{#-
    Account-days on which a signal passes at least one rung of the ladders in a relation, with the number passed, at most
    nine. The quotient is moved by a hair because an exact edge, divided by a step like 0.05, is a hair beside the whole number.
-#}
{% macro passed_rungs(signals, ladders, accounts, signal) -%}
    {%- set value = 'cast(signals.' ~ signal ~ ' as double)' -%}
    {%- set rungs = '(ladders.direction * ' ~ value ~ ' - ladders.lowest_rung) / ladders.step' -%}
    select
        ladders.condition_key,
        accounts.account_key,
        signals.signal_on,
        cast(
            least(
                9, case when ladders.is_inclusive then floor({{ rungs }} + 5e-10) + 1 else ceil({{ rungs }} - 5e-10) end
            ) as integer
        ) as passed
    from {{ signals }} as signals
    inner join
        {{ ladders }} as ladders
        on ladders.direction * {{ value }} >= ladders.lowest_rung
        and (ladders.highest is null or {{ value }} <= ladders.highest)
    inner join {{ accounts }} as accounts on signals.account_id = accounts.account_id
    where
        ladders.signal = '{{ signal }}'
        and (ladders.is_inclusive or ladders.direction * {{ value }} > ladders.lowest_rung)
{%- endmacro %}
