-- The amounts that an opportunity has had, by the connector's history mode: a version stands until the next.
select id as opportunity_id, amount, _fivetran_start as valid_from
from {{ source('salesforce_history', 'opportunity') }}
