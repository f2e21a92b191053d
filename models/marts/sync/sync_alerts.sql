-- Alerts that are due: who is told of which firing where, with the words.
-- Who holds a role may change: the alert stays the same one.
with

    recipients as (select * from {{ ref('int_alert_recipients') }}),

    firings as (select * from {{ ref('int_due_firings') }}),

    tokens as (select * from {{ ref('int_firing_tokens') }}),

    templates as (select channel, subject, body from {{ ref('message_templates') }} where template_id = 'alert')

select
    md5(
        {{ dbt.concat([
        'recipients.firing_id', "'|'", 'recipients.recipient_role', "'|'", 'recipients.channel'
    ]) }}
    ) as alert_id,
    recipients.firing_id,
    firings.account_id,
    firings.account_name,
    recipients.recipient_role,
    recipients.recipient_email as alert_email,
    recipients.channel,
    firings.deliver_at,
    recipients.sla_due_at,
    firings.expires_at,
    {{ fill_tokens('templates.subject', message_tokens('tokens')) }} as title,
    {{ fill_tokens('templates.body', message_tokens('tokens')) }} as body,
    coalesce(
        recipients.recipient_role = firings.owner_role or recipients.recipient_email = firings.owner_email, false
    ) as is_to_actor,
    firings.evidence,
    {{ json_object([
        ('view_url', 'tokens.view_url'),
        ('book_call_url', 'tokens.book_call_url'),
        ('cta_url', 'tokens.cta_url'),
    ]) }} as links,
    firings.status,
    firings.is_closed,
    firings.as_of
from recipients
inner join firings on recipients.firing_id = firings.firing_id
inner join tokens on recipients.firing_id = tokens.firing_id
inner join templates on recipients.channel = templates.channel
