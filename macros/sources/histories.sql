{#-
    The rows of a table that are current, one an id. A table in history mode has many rows an id and marks the current
    one, now and then two of them: the later one counts.
-#}
{% macro current_rows(relation) -%}
    select *
    from
        (
            select
                *,
                row_number() over (
                    partition by id order by _fivetran_start desc nulls last, _fivetran_synced desc nulls last
                ) as newness
            from {{ relation }}
            where coalesce(_fivetran_active, true)
        ) as active_rows
    where newness = 1
{%- endmacro %}

{#-
    The versions of a record as half-open spans. A connector writes an end 1 millisecond before the next start, and now
    and then leaves two versions open: a version holds until the next one of its record starts, where that is at most
    1 ms after the written end or before it. A longer gap stays one: the record was deleted and restored. The relation
    has valid_from and valid_until; of versions that start at one instant the last by the order given counts.
-#}
{% macro half_open_spans(relation, key, columns, latest_last) -%}
    select
        {{ key }},
        {% for column in columns -%} {{ column }}, {% endfor -%}
        valid_from,
        case
            when valid_until is null or {{ microseconds_between('valid_until', 'next_from') }} <= 1000
            then coalesce(next_from, valid_until)
            else valid_until
        end as valid_until,
        row_number() over (partition by {{ key }} order by valid_from) as version_number
    from
        (
            select
                *,
                lead(valid_from) over (
                    partition by {{ key }} order by valid_from, {{ latest_last | join(', ') }}
                ) as next_from
            from {{ relation }}
            where valid_from is not null
        ) as followed
    where
        (next_from is null or next_from > valid_from)
        and (
            valid_until is null
            or valid_until > valid_from
            or {{ microseconds_between('valid_until', 'next_from') }} <= 1000
        )
{%- endmacro %}
