{#-
    What each raw event name or page path counts as: an equal event, else the longest path prefix of the plan.
    copies: the rows that landed under it. events: rows of source_table and event_name.
-#}
{% macro matched_names(events) -%}
    with

        names as (

            select source_table, event_name, count(*) as copies
            from {{ events }}
            where event_name is not null
            group by source_table, event_name

        ),

        tracking_plan as (select * from {{ ref('tracking_plan') }}),

        matches as (

            select
                names.source_table,
                names.event_name,
                names.copies,
                tracking_plan.action,
                tracking_plan.is_value_event,
                tracking_plan.pattern is not null as is_named,
                row_number() over (
                    partition by names.source_table, names.event_name
                    order by length(tracking_plan.pattern) desc nulls last, tracking_plan.pattern
                ) as match_rank
            from names
            left join
                tracking_plan
                on names.source_table = tracking_plan.source_table
                and (
                    (tracking_plan.match_type = 'event' and names.event_name = tracking_plan.pattern)
                    or (
                        tracking_plan.match_type = 'path_prefix'
                        and substr(names.event_name, 1, length(tracking_plan.pattern)) = tracking_plan.pattern
                    )
                )

        )

    select source_table, event_name, copies, action, coalesce(is_value_event, false) as is_value_event, is_named
    from matches
    where match_rank = 1
{%- endmacro %}
