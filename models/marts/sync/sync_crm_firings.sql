-- What the CRM gets to know of firings, with the words for the customer. Names stand here and nowhere else.
with

    firings as (select * from {{ ref('int_due_firings') }}),

    tokens as (select * from {{ ref('int_firing_tokens') }}),

    plays as (select play_id, template_id from {{ ref('plays') }}),

    templates as (select * from {{ ref('message_templates') }}),

    rendered as (

        select
            firings.firing_id,
            templates.channel,
            {{ fill_tokens('templates.subject', message_tokens('tokens')) }} as subject,
            {{ fill_tokens('templates.body', message_tokens('tokens')) }} as body
        from firings
        inner join tokens on firings.firing_id = tokens.firing_id
        inner join plays on firings.play_id = plays.play_id
        inner join templates on plays.template_id = templates.template_id

    ),

    messages as (

        select
            firing_id,
            max(case when channel = 'email' then subject end) as message_subject,
            max(case when channel = 'email' then body end) as message_body,
            max(case when channel = 'in_app' then body end) as in_app_body
        from rendered
        group by firing_id

    )

select
    firings.firing_id,
    firings.account_id,
    firings.account_name,
    firings.trigger_id,
    firings.trigger_name,
    firings.fired_at as triggered_at,
    firings.deliver_at,
    firings.sla_due_at,
    firings.expires_at,
    firings.motion,
    firings.owner_role,
    firings.owner_email,
    firings.channels,
    firings.held_back_reason,
    firings.play_id,
    firings.recommended_action,
    firings.evidence,
    tokens.recipient_user_id,
    tokens.recipient_contact_id,
    tokens.recipient_email,
    tokens.first_name as recipient_first_name,
    messages.message_subject,
    messages.message_body,
    messages.in_app_body,
    tokens.cta_url,
    tokens.view_url,
    tokens.book_call_url,
    firings.status,
    firings.is_closed,
    firings.closed_at,
    firings.as_of
from firings
left join tokens on firings.firing_id = tokens.firing_id
left join messages on firings.firing_id = messages.firing_id
