{#-
    The rows of a relation at which the number of thresholds passed changes from or to the neighbouring day's. A day and its
    number travel as one integer, sixteen places a day, so that each neighbour costs one window function and two comparisons.
-#}
{% macro run_ends(relation) -%}
    {%- set day_place = 'cast(16 * ' ~ days_between("cast('2000-01-01' as date)", 'signal_on') ~ ' as integer)' -%}
    select
        condition_key,
        account_key,
        signal_on,
        passed,
        case when before >= day_place - 16 then before - day_place + 16 else 0 end as passed_before,
        case when after < day_place + 32 then after - day_place - 16 else 0 end as passed_after
    from
        (
            select
                condition_key,
                account_key,
                signal_on,
                passed,
                {{ day_place }} as day_place,
                lag({{ day_place }} + passed) over (
                    partition by condition_key, account_key order by signal_on
                ) as before,
                lead({{ day_place }} + passed) over (
                    partition by condition_key, account_key order by signal_on
                ) as after
            from ({{ relation }}) as passes
        ) as neighbours
    where coalesce(before, 0) <> day_place + passed - 16 or coalesce(after, 0) <> day_place + passed + 16
{%- endmacro %}
