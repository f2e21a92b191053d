-- Shadow, held-out and cancelled firings stay in the warehouse; what is not due yet says so.
select sent.firing_id, firings.is_shadow, firings.is_holdout, statuses.status
from {{ ref('sync_crm_firings') }} as sent
left join {{ ref('fct_fired_triggers') }} as firings on sent.firing_id = firings.firing_id
left join {{ ref('fct_firing_status') }} as statuses on sent.firing_id = statuses.firing_id
where
    firings.firing_id is null
    or firings.is_shadow
    or firings.is_holdout
    or statuses.status in ('shadow', 'held_out', 'cancelled')
    or (statuses.status = 'scheduled') <> (sent.deliver_at > sent.as_of)
