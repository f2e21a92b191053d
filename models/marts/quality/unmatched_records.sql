-- Records that found no account, with the reason: nothing is dropped silently.
select source_name, record_id, rule, unmatched_reason
from {{ ref('int_identity_matches') }}
where account_id is null
