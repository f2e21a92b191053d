select subscription_item_id, started_at, count(*) as states
from {{ ref('int_billing_item_states') }}
group by subscription_item_id, started_at
having count(*) > 1
