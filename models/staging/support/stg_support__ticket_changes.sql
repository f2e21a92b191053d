-- Changes of status and priority, words that Zendesk spells in lower case; of several at one instant the greatest
-- value holds.
with

    zendesk as (

        select
            ticket_id, lower(field_name) as field_name, lower({{ known_text('value') }}) as value, updated as changed_at
        from {{ source('zendesk', 'ticket_field_history') }}
        where lower(field_name) in ('status', 'priority')

    ),

    changes as ({{ vendor_rows('support', {'zendesk': 'zendesk'}) }}),

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
