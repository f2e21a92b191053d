-- Changes of status and priority; of several at one instant the greatest value holds.
with

    history as (select * from {{ source('zendesk', 'ticket_field_history') }}),

    ranked as (

        select
            ticket_id,
            field_name,
            value,
            updated as changed_at,
            row_number() over (
                partition by ticket_id, field_name, updated order by value desc nulls last
            ) as rank_at_instant
        from history
        where field_name in ('status', 'priority')

    )

select ticket_id, field_name, value, changed_at
from ranked
where rank_at_instant = 1
