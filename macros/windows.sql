{#-
    How many distinct things were seen in a trailing window, at every day where that number changes, without joining
    days to days. A thing seen on day a covers [a, a + window - 1]; overlapping covers of one thing make an island;
    each island adds one where it starts and takes it away after its end.

    relation: rows of scope columns, thing columns and a day column. Gives: scope columns, changed_on, change.
-#}
{% macro distinct_cover_changes(relation, scope, thing, day, window) -%}
    select {{ scope | join(', ') }}, changed_on, cast(sum(change) as bigint) as change
    from (
        select {{ scope | join(', ') }}, {{ day }} as changed_on, 1 as change
        from (
            select
                {{ (scope + thing + [day]) | join(', ') }},
                lag({{ day }}) over (partition by {{ (scope + thing) | join(', ') }} order by {{ day }}) as previous_day
            from {{ relation }}
        ) as seen
        where previous_day is null or {{ days_between('previous_day', day) }} > {{ window }}

        union all

        select {{ scope | join(', ') }}, {{ add_days(day, window) }} as changed_on, -1 as change
        from (
            select
                {{ (scope + thing + [day]) | join(', ') }},
                lead({{ day }}) over (partition by {{ (scope + thing) | join(', ') }} order by {{ day }}) as next_day
            from {{ relation }}
        ) as seen
        where next_day is null or {{ days_between(day, 'next_day') }} > {{ window }}
    ) as changes
    group by {{ scope | join(', ') }}, changed_on
{%- endmacro %}

{#- A trailing sum over the days of a dense grid: exactly the rows of the last `window` days. -#}
{% macro trailing_sum(value, window, partition='account_id', day='signal_on') -%}
    sum({{ value }}) over (
        partition by {{ partition }}
        order by {{ day }}
        rows between {{ window - 1 }} preceding and current row
    )
{%- endmacro %}

{% macro running_sum(value, partition='account_id', day='signal_on') -%}
    sum({{ value }}) over (partition by {{ partition }} order by {{ day }} rows unbounded preceding)
{%- endmacro %}

{#- Null where the window would start before the first fact of its domain: history that was not kept is not zero. -#}
{% macro observed(value, window, horizon, day='signal_on') -%}
    case when {{ add_days(day, 1 - window) }} >= {{ horizon }} then {{ value }} end
{%- endmacro %}
