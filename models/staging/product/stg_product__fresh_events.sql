-- On the urgent path what was received since the last build, every event once; a build reads all events, and leaves
-- nothing here. A copy counts as it does among all: the first, and each that came more than dedup_days after the one
-- that counted before it, which is looked for among as many days.
with

    copies as ({{ fresh_event_copies() }}),

    known as (

        select event_key, received_at
        from {{ ref('stg_product__events') }}
        {% if var('urgent') -%}
            where
                received_at <= {{ last_build_moment() }}
                and received_at >= {{ add_days_to_moment(last_build_moment(), '-' ~ var('dedup_days')) }}
        {%- else -%} where false
        {%- endif %}

    ),

    ranked as (

        select
            *,
            row_number() over (
                partition by event_key, received_at
                order by event_at, source_table, user_id nulls last, group_id nulls last, event_name nulls last
            ) as copy_number
        from copies

    ),

    receipts as (

        select
            '' as trigger_id,
            event_key as account_id,
            received_at as event_at,
            {{ var('dedup_days') * 24 * 60 }} as burst_minutes
        from ranked
        where copy_number = 1
        union all
        select
            '' as trigger_id,
            known.event_key as account_id,
            max(known.received_at) as event_at,
            {{ var('dedup_days') * 24 * 60 }} as burst_minutes
        from known
        inner join (select distinct event_key from copies) as fresh_keys on known.event_key = fresh_keys.event_key
        group by known.event_key

    ),

    counted as ({{ opened_bursts('receipts') }})

select
    ranked.source_table,
    ranked.event_key,
    ranked.user_id,
    ranked.user_key,
    ranked.group_id,
    ranked.event_name,
    ranked.event_at,
    ranked.received_at
from ranked
inner join counted on ranked.event_key = counted.account_id and ranked.received_at = counted.event_at
where ranked.copy_number = 1
