select record_id as customer_id, account_id
from {{ ref('int_identity_matches') }}
where source_name = 'billing' and account_id is not null
