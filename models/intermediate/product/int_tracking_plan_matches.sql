-- What each raw event name or page path counts as: an equal event, else the longest path prefix of the plan.
with

    event_names as (

        select source_table, event_name, count(*) as copies
        from {{ ref('stg_product__event_copies') }}
        where event_name is not null
        group by source_table, event_name

    ),

    tracking_plan as (select * from {{ ref('tracking_plan') }}),

    matches as (

        select
            event_names.source_table,
            event_names.event_name,
            event_names.copies,
            tracking_plan.action,
            tracking_plan.is_value_event,
            tracking_plan.pattern is not null as is_named,
            row_number() over (
                partition by event_names.source_table, event_names.event_name
                order by length(tracking_plan.pattern) desc nulls last, tracking_plan.pattern
            ) as match_rank
        from event_names
        left join
            tracking_plan
            on event_names.source_table = tracking_plan.source_table
            and (
                (tracking_plan.match_type = 'event' and event_names.event_name = tracking_plan.pattern)
                or (
                    tracking_plan.match_type = 'path_prefix'
                    and substr(event_names.event_name, 1, length(tracking_plan.pattern)) = tracking_plan.pattern
                )
            )

    )

select source_table, event_name, copies, action, coalesce(is_value_event, false) as is_value_event, is_named
from matches
where match_rank = 1
