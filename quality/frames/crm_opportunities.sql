select id, amount, is_closed, is_won
from raw_salesforce.opportunity
where coalesce(_fivetran_active, true)

union all

-- Whether a deal is closed follows from its stage, so it cannot contradict itself.
select deal_id as id, property_amount as amount, null as is_closed, null as is_won
from raw_hubspot.deal
where not coalesce(_fivetran_deleted, false)
