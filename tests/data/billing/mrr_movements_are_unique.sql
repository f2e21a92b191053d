select account_id, currency, movement_on, movement_type, count(*) as movements
from {{ ref('int_mrr_movements') }}
group by account_id, currency, movement_on, movement_type
having count(*) > 1
