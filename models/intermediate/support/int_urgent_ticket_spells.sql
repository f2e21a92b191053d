-- When a ticket was open with priority urgent or high. Before its first recorded change a ticket is new and without a
-- priority; a field of which no change was ever recorded stands as the ticket has it now.
with

    tickets as (select * from {{ ref('int_support_tickets') }}),

    changes as (select * from {{ ref('stg_support__ticket_changes') }}),

    recorded_fields as (

        select
            ticket_id,
            max(case when field_name = 'status' then 1 else 0 end) as has_status_history,
            max(case when field_name = 'priority' then 1 else 0 end) as has_priority_history
        from changes
        group by ticket_id

    ),

    moments as (

        select
            tickets.ticket_id,
            tickets.created_at as moment,
            'status' as field_name,
            case when recorded_fields.has_status_history = 1 then 'new' else tickets.status end as value,
            0 as step
        from tickets
        left join recorded_fields on tickets.ticket_id = recorded_fields.ticket_id

        union all

        select
            tickets.ticket_id,
            tickets.created_at as moment,
            'priority' as field_name,
            case when recorded_fields.has_priority_history = 1 then null else tickets.priority end as value,
            0 as step
        from tickets
        left join recorded_fields on tickets.ticket_id = recorded_fields.ticket_id

        union all

        select
            changes.ticket_id,
            -- A field is set with its ticket, never before it.
            greatest(changes.changed_at, tickets.created_at) as moment,
            changes.field_name,
            changes.value,
            1 as step
        from changes
        inner join tickets on changes.ticket_id = tickets.ticket_id
        inner join {{ ref('int_clock') }} as clock on changes.changed_at <= clock.as_of

    ),

    numbered as (

        select
            *,
            sum(case when field_name = 'status' then 1 else 0 end) over (
                partition by ticket_id order by moment, step, field_name, value nulls first rows unbounded preceding
            ) as status_number,
            sum(case when field_name = 'priority' then 1 else 0 end) over (
                partition by ticket_id order by moment, step, field_name, value nulls first rows unbounded preceding
            ) as priority_number,
            row_number() over (
                partition by ticket_id, moment order by step desc, field_name desc, value desc nulls last
            ) as last_at_moment
        from moments

    ),

    states as (

        select
            ticket_id,
            moment,
            last_at_moment,
            max(case when field_name = 'status' then value end) over (partition by ticket_id, status_number) as status,
            max(case when field_name = 'priority' then value end) over (
                partition by ticket_id, priority_number
            ) as priority
        from numbered

    ),

    spells as (

        select
            ticket_id,
            status,
            priority,
            moment as urgent_from,
            lead(moment) over (partition by ticket_id order by moment) as urgent_until
        from states
        where last_at_moment = 1

    )

select tickets.account_id, spells.ticket_id, spells.urgent_from, spells.urgent_until
from spells
inner join tickets on spells.ticket_id = tickets.ticket_id
where spells.priority in ('urgent', 'high') and coalesce(spells.status, 'new') not in ('solved', 'closed', 'deleted')
