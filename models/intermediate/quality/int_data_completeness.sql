-- How complete each raw table is, by day: values that are missing in a column, and for product events (column *) the
-- copies, the late ones and those that the tracking plan does not name. A late event counts nowhere.
with

    clock as (select as_of from {{ ref('int_clock') }}),

    -- Each table is read once, whatever number of its columns is watched.
    missing as (

        {% for source_name, table_name, dated_by, columns in watched_tables() -%}
            select
                '{{ source_name }}' as source_name,
                '{{ table_name }}' as table_name,
                watched.column_name,
                days.day,
                days.records,
                days.records - case
                    watched.column_name
                    {% for column in columns %} when '{{ column }}' then days.known_{{ loop.index }} {% endfor %}
                end as missing_records
            from
                (
                    select
                        {{ day_of('landed.' ~ dated_by) }} as day,
                        {% for column in columns %}
                            count(landed.{{ adapter.quote(column) }}) as known_{{ loop.index }},
                        {% endfor %}
                        count(*) as records
                    from {{ source(source_name, table_name) }} as landed
                    inner join clock on landed.{{ dated_by }} <= clock.as_of
                    group by {{ day_of('landed.' ~ dated_by) }}
                ) as days
            cross join
                (
                    {% for column in columns -%}
                        select '{{ column }}' as column_name {{ 'union all' if not loop.last }}
                    {% endfor -%}
                ) as watched {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    named_days as (

        select
            copies.source_table,
            copies.event_name,
            {{ day_of('copies.received_at') }} as day,
            count(*) as records,
            sum(case when {{ is_on_time('copies.event_at', 'copies.received_at') }} then 0 else 1 end) as late_records
        from {{ ref('stg_product__event_copies') }} as copies
        inner join clock on copies.received_at <= clock.as_of
        group by copies.source_table, copies.event_name, {{ day_of('copies.received_at') }}

    ),

    plan as (select source_table, event_name from {{ ref('int_tracking_plan_matches') }} where is_named),

    repeats as (

        select event_key, copies - 1 as extra_copies, source_table, {{ day_of('received_at') }} as day
        from {{ ref('stg_product__event_repeats') }}
        where is_late_repeat = false

    ),

    extra_copies as (

        select source_table, day, cast(sum(extra_copies) as bigint) as duplicate_records
        from repeats
        group by source_table, day

    ),

    received as (

        select
            named_days.source_table,
            named_days.day,
            cast(sum(named_days.records) as bigint) as records,
            cast(sum(named_days.late_records) as bigint) as late_records,
            cast(sum(case when plan.event_name is null then named_days.records else 0 end) as bigint) as unnamed_records
        from named_days
        left join plan on named_days.source_table = plan.source_table and named_days.event_name = plan.event_name
        group by named_days.source_table, named_days.day

    )

select
    source_name,
    table_name,
    column_name,
    day,
    records,
    missing_records,
    cast(0 as bigint) as late_records,
    cast(0 as bigint) as duplicate_records,
    cast(0 as bigint) as unnamed_records,
    {{ ratio('(records - missing_records)', 'records') }} as completeness
from missing

union all

select
    'segment' as source_name,
    received.source_table as table_name,
    '*' as column_name,
    received.day,
    received.records,
    cast(0 as bigint) as missing_records,
    received.late_records,
    coalesce(extra_copies.duplicate_records, 0) as duplicate_records,
    received.unnamed_records,
    {{ ratio('(received.records - received.late_records)', 'received.records') }} as completeness
from received
left join extra_copies on received.source_table = extra_copies.source_table and received.day = extra_copies.day
