-- Nothing is an expansion on a day without a net rise, or of an account that paid nothing the day before.
with movements as (select * from {{ ref('int_mrr_movements') }})

select expansions.*
from {{ ref('fct_expansions') }} as expansions
left join
    movements
    on expansions.account_id = movements.account_id
    and expansions.expanded_on = movements.movement_on
    and expansions.expansion_type = movements.movement_type
where
    movements.account_id is null
    or movements.mrr_before <= 0
    or movements.mrr_after <= movements.mrr_before
    or expansions.expanded_on is distinct from {{ day_of('expansions.expanded_at') }}
