-- Somebody owns every firing: a rule routes it, and a person or a queue answers for its role.
select firing_id, trigger_id, account_id, routing_rule_id
from {{ ref('fct_fired_triggers') }}
where
    owner_role = 'unassigned'
    or routing_rule_id is null
    or (owner_email is null and owner_role not in (select role from {{ ref('int_roles') }} where is_automatic))
