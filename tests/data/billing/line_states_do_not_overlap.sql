-- At any time a logical item is in one state; two would be counted twice.
with

    states as (

        select
            logical_item_id,
            started_at,
            ended_at,
            lead(started_at) over (partition by logical_item_id order by started_at, ended_at) as next_started_at
        from {{ ref('int_billing_line_states') }}

    )

select *
from states
where started_at >= ended_at or (ended_at is null and next_started_at is not null) or ended_at > next_started_at
