-- At any time a logical item is in one state; two would be counted twice.
with

    states as (

        select
            logical_item_id,
            in_force_from,
            in_force_until,
            lead(in_force_from) over (partition by logical_item_id order by in_force_from, in_force_until) as next_from
        from {{ ref('int_billing_item_spans') }}

    )

select *
from states
where
    in_force_from >= in_force_until or (in_force_until is null and next_from is not null) or in_force_until > next_from
