{#-
    Rows of product events with each once by id - the copy received first, and again any that came more than dedup_days
    after the one that counted before it -, placed in time: the relation has sent_at, the client's time, and received_at.
-#}
{% macro first_copies(relation, columns) -%}
    with

        numbered as (

            select
                landed.*,
                least(coalesce(sent_at, received_at), received_at) as event_at,
                min(received_at) over (partition by id) as first_received_at,
                row_number() over (
                    partition by id, received_at
                    order by sent_at nulls last {%- for column in columns %}, {{ column }} nulls last{% endfor %}
                ) as copy_number
            from {{ relation }} as landed

        ),

        receipts as (

            select
                '' as trigger_id,
                id as account_id,
                received_at as event_at,
                {{ var('dedup_days') * 24 * 60 }} as burst_minutes
            from numbered
            where copy_number = 1

        ),

        repeated as (select account_id from receipts group by account_id having count(*) > 1),

        late_receipts as (

            select receipts.* from receipts inner join repeated on receipts.account_id = repeated.account_id

        ),

        counted as ({{ opened_bursts('late_receipts') }})

    select
        numbered.id,
        {% for column in columns -%} numbered.{{ column }}, {% endfor -%} numbered.event_at,
        numbered.received_at
    from numbered
    left join counted on numbered.id = counted.account_id and numbered.received_at = counted.event_at
    where
        numbered.copy_number = 1
        and (numbered.received_at = numbered.first_received_at or counted.account_id is not null)
{%- endmacro %}

{#- Whether a product event counts: seen at as_of, and not received too late after its day. -#}
{% macro is_on_time(event_at, received_at) -%}
    {{ received_at }} <= {{ day_close(add_days(day_of(event_at), var('late_arrival_days'))) }}
{%- endmacro %}
