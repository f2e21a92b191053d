-- A match is with an account that is live today and carries rule and confidence; without one there is a reason.
select matches.source_name, matches.record_id, matches.account_id
from {{ ref('int_identity_matches') }} as matches
left join {{ ref('stg_crm__accounts') }} as accounts on matches.account_id = accounts.account_id
where
    (matches.account_id is not null and accounts.account_id is null)
    or (matches.account_id is null) <> (matches.unmatched_reason is not null)
    or (matches.account_id is null) <> (matches.confidence is null)
    or (matches.account_id is not null and matches.rule is null)
