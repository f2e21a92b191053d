-- Somebody owns every firing that is about to leave: a rule routed it, and a person or a queue answers for its role
-- today.
select due.firing_id, due.trigger_id, due.account_id, firings.routing_rule_id
from {{ ref('int_due_firings') }} as due
inner join {{ ref('int_firings') }} as firings on due.firing_id = firings.firing_id
where
    due.status in ('due', 'scheduled')
    and (
        due.owner_role = 'unassigned'
        or firings.routing_rule_id is null
        or (
            due.owner_email is null
            and due.owner_role not in (select role from {{ ref('int_roles') }} where is_automatic)
        )
    )
