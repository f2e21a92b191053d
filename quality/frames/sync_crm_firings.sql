-- Ids and times as they would leave; of what could name a person, only whether it is there and well formed. What has left
-- already stands as it is, whatever has become of its account and its people: only what is about to leave must be whole.
select
    firing_id,
    account_id,
    account_name is not null or status not in ('due', 'scheduled') as has_account_name,
    trigger_id,
    play_id,
    triggered_at,
    deliver_at,
    sla_due_at,
    expires_at,
    as_of,
    is_closed,
    (status = 'scheduled') = (deliver_at > as_of) as says_when,
    coalesce(motion, case when status not in ('due', 'scheduled') then 'none' end) as motion,
    coalesce(channels, case when status not in ('due', 'scheduled') then 'none' end) as channels,
    case when owner_role = 'unassigned' and status not in ('due', 'scheduled') then 'left' else owner_role end as owner_role,
    owner_email is not null or status not in ('due', 'scheduled') as has_owner,
    owner_role in (select role from {{ ref('int_roles') }} where is_automatic) as is_automatic,
    coalesce(regexp_full_match(owner_email, '[^@\s]+@[^@\s]+\.[^@\s]+'), true) as is_owner_well_formed,
    evidence is not null as has_evidence,
    case
        when coalesce(json_valid(evidence), false) then evidence
        else '(not json)'
    end as evidence,
    -- An event trigger may have no condition: then the action is the evidence.
    case
        when json_valid(evidence)
            then len(json_extract(evidence, '$.conditions[*].signal'))
                + cast(json_extract_string(evidence, '$.event_action') is not null as integer)
    end as evidence_facts,
    case
        when json_valid(evidence)
            then len(list_filter(
                json_extract(evidence, '$.conditions[*].value'), lambda value: value is null or json_type(value) = 'NULL'
            ))
    end as evidence_without_value
from {{ ref('sync_crm_firings') }}
