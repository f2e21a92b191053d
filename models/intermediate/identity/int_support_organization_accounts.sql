select record_id as organization_id, account_id
from {{ ref('int_identity_matches') }}
where source_name = 'support' and account_id is not null
