select subscription_item_id, in_force_from, count(*) as states
from {{ ref('int_billing_item_states') }}
group by subscription_item_id, in_force_from
having count(*) > 1
