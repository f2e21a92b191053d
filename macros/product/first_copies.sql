{#-
    Rows of product events with each once by id (the copy received first), placed in time: the relation has sent_at, the
    client's time, and received_at.
-#}
{% macro first_copies(relation, columns) -%}
    select id, {% for column in columns -%} {{ column }}, {% endfor -%} event_at, received_at
    from
        (
            select
                landed.*,
                least(coalesce(sent_at, received_at), received_at) as event_at,
                row_number() over (
                    partition by id
                    order by
                        received_at,
                        sent_at nulls last
                        {%- for column in columns %}, {{ column }} nulls last{% endfor %}
                ) as copy_number
            from {{ relation }} as landed
        ) as numbered
    where copy_number = 1
{%- endmacro %}

{#- Whether a product event counts: seen at as_of, and not received too late after its day. -#}
{% macro is_on_time(event_at, received_at) -%}
    {{ received_at }} <= {{ day_close(add_days(day_of(event_at), var('late_arrival_days'))) }}
{%- endmacro %}
