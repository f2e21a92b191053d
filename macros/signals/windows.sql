{#-
    How many distinct things were seen in a trailing window, at every day where that number changes, without joining
    days to days. A thing seen on day a covers [a, a + window - 1]; overlapping covers of one thing make an island;
    each island adds one where it starts and takes it away after its end.

    relation: rows of scope columns, thing columns and a day column. Gives: scope columns, changed_on, change.
-#}
{% macro distinct_cover_changes(relation, scope, thing, day, window) -%}
    select
        {{ scope | join(', ') }},
        case when edges.change = 1 then {{ day }} else {{ add_days(day, window) }} end as changed_on,
        cast(sum(edges.change) as bigint) as change
    from
        (
            select
                *,
                -- Both neighbours by one sort.
                previous_day is null or {{ days_between('previous_day', day) }} > {{ window }} as is_first,
                next_day is null or {{ days_between(day, 'next_day') }} > {{ window }} as is_last
            from
                (
                    select
                        {{ (scope + [day]) | join(', ') }},
                        lag({{ day }}) over (
                            partition by {{ (scope + thing) | join(', ') }} order by {{ day }}
                        ) as previous_day,
                        lead({{ day }}) over (
                            partition by {{ (scope + thing) | join(', ') }} order by {{ day }}
                        ) as next_day
                    from {{ relation }}
                ) as neighbours
        ) as seen
    inner join
        (
            select 1 as change
            union all
            select -1 as change
        ) as edges
        on (edges.change = 1 and seen.is_first)
        or (edges.change = -1 and seen.is_last)
    group by {{ scope | join(', ') }}, case when edges.change = 1 then {{ day }} else {{ add_days(day, window) }} end
{%- endmacro %}

{#- A trailing sum over the days of a dense grid: exactly the rows of the last `window` days. -#}
{% macro trailing_sum(value, window, partition='account_id', day='signal_on') -%}
    sum({{ value }}) over (
        partition by {{ partition }} order by {{ day }} rows between {{ window - 1 }} preceding and current row
    )
{%- endmacro %}

{% macro running_sum(value, partition='account_id', day='signal_on') -%}
    sum({{ value }}) over (partition by {{ partition }} order by {{ day }} rows unbounded preceding)
{%- endmacro %}

{#- Null where the window would start before the first fact of its domain: history that was not kept is not zero. -#}
{% macro observed(value, window, horizon, day='signal_on') -%}
    case when {{ add_days(day, 1 - window) }} >= {{ horizon }} then {{ value }} end
{%- endmacro %}

{#-
    Whole days until a limit is met at a pace, begun ones counted: 0 at it or above, null where the pace is no rise - less
    than half a millionth of the limit - or unknown.

    used, limit: numbers. utilisation: used over limit, rounded. pace: change of used in pace_days.
-#}
{% macro days_to_limit(used, limit, utilisation, pace, pace_days) -%}
    cast(
        case
            when {{ utilisation }} >= 1
            then 0
            when {{ ratio(pace, limit) }} > 0
            then ceil({{ ratio(pace_days ~ '.0e0 * (' ~ limit ~ ' - ' ~ used ~ ')', pace) }})
        end as bigint
    )
{%- endmacro %}
