-- What the CRM gets to know of firings: all that have fallen due and may be acted on. Names stand here and nowhere
-- else.
with

    firings as (select * from {{ ref('fct_fired_triggers') }}),

    statuses as (select * from {{ ref('fct_firing_status') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    accounts as (select account_id, account_name from {{ ref('stg_crm__accounts') }}),

    triggers as (select trigger_id, trigger_name, kind from {{ ref('trigger_library') }}),

    plays as (select play_id, recommended_action from {{ ref('plays') }}),

    tokens as (

        select
            firing_id,
            first_name,
            recipient_email,
            recipient_user_id,
            recipient_contact_id,
            cta_url,
            view_url,
            book_call_url
        from {{ ref('int_firing_tokens') }}

    ),

    messages as (

        select
            firing_id,
            max(case when channel = 'email' then subject end) as message_subject,
            max(case when channel = 'email' then body end) as message_body,
            max(case when channel = 'in_app' then body end) as in_app_body
        from {{ ref('int_firing_messages') }}
        group by firing_id

    )

select
    firings.firing_id,
    coalesce(survivors.survivor_account_id, firings.account_id) as account_id,
    accounts.account_name,
    firings.trigger_id,
    triggers.trigger_name,
    firings.triggered_at,
    firings.deliver_at,
    firings.sla_due_at,
    firings.expires_at,
    firings.motion,
    firings.owner_role,
    firings.owner_email,
    firings.channels,
    firings.play_id,
    plays.recommended_action,
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
    statuses.status,
    statuses.closed_at is not null as is_closed,
    statuses.closed_at,
    clock.as_of
from firings
cross join clock
inner join statuses on firings.firing_id = statuses.firing_id
left join survivors on firings.account_id = survivors.account_id
left join accounts on coalesce(survivors.survivor_account_id, firings.account_id) = accounts.account_id
left join triggers on firings.trigger_id = triggers.trigger_id
left join plays on firings.play_id = plays.play_id
left join tokens on firings.firing_id = tokens.firing_id
left join messages on firings.firing_id = messages.firing_id
where
    firings.deliver_at <= clock.as_of and statuses.status not in ('shadow', 'held_out', 'cancelled')
    {% if var('urgent') -%}
        -- The rest is looked at again by the next full build.
        and triggers.kind = 'event'
    {%- endif %}
