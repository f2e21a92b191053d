{#-
    Rows of product events with each once by id - the copy received first, and again any that came more than dedup_days
    after the one that counted before it -, placed in time: the relation has sent_at, the client's time, and received_at.
    Only what landed more than once is sorted, and that is little.
-#}
{% macro first_copies(relation, columns) -%}
    with

        landed as (

            select
                {{ hash_key('id') }} as id_key,
                id,
                {% for column in columns -%} {{ column }}, {% endfor -%} sent_at,
                least(coalesce(sent_at, received_at), received_at) as event_at,
                received_at
            from {{ relation }}

        ),

        repeated as (select id_key from landed group by id_key having count(*) > 1),

        numbered as (

            select
                landed.*,
                min(landed.received_at) over (partition by landed.id_key) as first_received_at,
                row_number() over (
                    partition by landed.id_key, landed.received_at
                    order by
                        landed.sent_at nulls last
                        {%- for column in columns %}, landed.{{ column }} nulls last{% endfor %}
                ) as copy_number
            from landed
            inner join repeated on landed.id_key = repeated.id_key

        ),

        receipts as (

            select
                '' as trigger_id,
                id_key as account_id,
                received_at as event_at,
                {{ var('dedup_days') * 24 * 60 }} as burst_minutes
            from numbered
            where copy_number = 1

        ),

        counted as ({{ opened_bursts('receipts') }})

    select
        landed.id, {% for column in columns -%} landed.{{ column }}, {% endfor -%} landed.event_at, landed.received_at
    from landed
    left join repeated on landed.id_key = repeated.id_key
    where repeated.id_key is null
    union all
    select
        numbered.id,
        {% for column in columns -%} numbered.{{ column }}, {% endfor -%} numbered.event_at,
        numbered.received_at
    from numbered
    left join counted on numbered.id_key = counted.account_id and numbered.received_at = counted.event_at
    where
        numbered.copy_number = 1
        and (numbered.received_at = numbered.first_received_at or counted.account_id is not null)
{%- endmacro %}

{#- Whether a product event counts: seen at as_of, and not received too late after its day. -#}
{% macro is_on_time(event_at, received_at) -%}
    {{ received_at }} <= {{ day_close(add_days(day_of(event_at), var('late_arrival_days'))) }}
{%- endmacro %}
