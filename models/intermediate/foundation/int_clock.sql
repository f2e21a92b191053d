-- The only clock of the project: one row. A build replays any moment by the variable as_of.
{%- set given = var('as_of') | string | trim %}
{%- set started = run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') %}
with

    received as (

        select max(received_at) as newest_received_at
        from
            (
                select received_at
                from {{ ref('stg_product__event_copies') }}
                union all
                -- Between full builds what came since the last one.
                select received_at
                from ({{ fresh_event_copies() }}) as fresh
            ) as events

    ),

    clock as (

        select
            {% if given %} cast({{ dbt.string_literal(given | replace("'", '')) }} as timestamp) as as_of
            {% else %} least(newest_received_at, cast({{ dbt.string_literal(started) }} as timestamp)) as as_of
            {% endif %}
        from received

    )

select
    as_of,
    {{ add_days(day_of('as_of'), -1) }} as last_closed_on,
    {{ add_days(day_of('as_of'), '-1 - ' ~ var('late_arrival_days')) }} as last_final_on
from clock
