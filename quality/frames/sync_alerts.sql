-- Ids and times as they would leave; of words and addresses only whether they are there and whole.
select
    alerts.alert_id,
    alerts.firing_id,
    alerts.account_id,
    firings.firing_id is not null as has_firing,
    alerts.channel,
    (alerts.status = 'scheduled') = (alerts.deliver_at > alerts.as_of) as says_when,
    alerts.alert_email is not null as has_recipient,
    coalesce(regexp_full_match(alerts.alert_email, '[^@\s]+@[^@\s]+\.[^@\s]+'), true) as is_recipient_well_formed,
    coalesce(trim(alerts.title), '') <> '' and coalesce(trim(alerts.body), '') <> '' as has_words,
    coalesce(regexp_matches(alerts.title || alerts.body, '\{[a-z_]+\}'), false) as has_empty_token,
    alerts.deliver_at,
    alerts.sla_due_at,
    alerts.expires_at,
    alerts.as_of
from {{ ref('sync_alerts') }} as alerts
left join {{ ref('sync_crm_firings') }} as firings on alerts.firing_id = firings.firing_id
