{#-
    The rows of a relation at which the number of rungs passed changes from or to the neighbouring day's. A day and its number
    travel as one integer, so that each neighbour costs one window function.
-#}
{% macro run_ends(relation) -%}
    {%- set day = days_between("cast('2000-01-01' as date)", 'signal_on') -%}
    select
        condition_key,
        account_key,
        signal_on,
        passed,
        case when floor(before / 16) = floor(here / 16) - 1 then before % 16 else 0 end as passed_before,
        case when floor(after / 16) = floor(here / 16) + 1 then after % 16 else 0 end as passed_after
    from (
        select
            condition_key,
            account_key,
            signal_on,
            passed,
            {{ day }} * 16 + passed as here,
            lag({{ day }} * 16 + passed) over (partition by condition_key, account_key order by signal_on) as before,
            lead({{ day }} * 16 + passed) over (partition by condition_key, account_key order by signal_on) as after
        from ({{ relation }}) as passes
    ) as neighbours
    where coalesce(before, 0) <> here - 16 or coalesce(after, 0) <> here + 16
{%- endmacro %}
