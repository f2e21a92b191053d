-- The amounts that a deal has had, from the log of its property's changes.
select deal_id as opportunity_id, try_cast(value as double) as amount, timestamp as valid_from
from {{ source('hubspot', 'deal_property_history') }}
where name = 'amount'
