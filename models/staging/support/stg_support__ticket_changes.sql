-- Changes of status and priority; of several at one instant the greatest value holds.
with

    changes as ({{ vendor_rows('support', {'zendesk': ref('base_zendesk__ticket_changes')}) }}),

    ranked as (

        select
            ticket_id,
            field_name,
            value,
            changed_at,
            row_number() over (
                partition by ticket_id, field_name, changed_at order by value desc nulls last
            ) as rank_at_instant
        from changes

    )

select ticket_id, field_name, value, changed_at
from ranked
where rank_at_instant = 1
