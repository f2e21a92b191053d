select record_id as group_id, account_id, {{ hash_key('account_id') }} as account_key
from {{ ref('int_identity_matches') }}
where source_name = 'product' and account_id is not null
