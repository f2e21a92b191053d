-- The firings that may leave, when they fall due: neither held out, in shadow nor cancelled. What the CRM gets to know
-- and whom an alert tells both begin here, so that neither waits for the other.
with

    firings as (select * from {{ ref('int_firings') }}),

    statuses as (select * from {{ ref('int_firing_status') }}),

    people as (select * from {{ ref('int_firing_people') }}),

    rechecks as (select firing_id from {{ ref('int_firing_rechecks') }}),

    -- More than usual, without a word about it.
    held as (select firing_id from {{ ref('int_held_firings') }}),

    channels as (select * from {{ ref('int_firing_channels') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    accounts as (select account_id, account_name from {{ ref('stg_crm__accounts') }}),

    triggers as (select trigger_id, trigger_name, kind from {{ ref('trigger_library') }}),

    plays as (select play_id, recommended_action from {{ ref('plays') }})

select
    firings.firing_id,
    coalesce(survivors.survivor_account_id, firings.account_id) as account_id,
    accounts.account_name,
    firings.trigger_id,
    triggers.trigger_name,
    firings.fired_at,
    firings.deliver_at,
    firings.sla_due_at,
    firings.expires_at,
    firings.motion,
    people.owner_role,
    people.owner_email,
    channels.channels,
    statuses.held_back_reason,
    firings.play_id,
    plays.recommended_action,
    firings.evidence,
    statuses.status,
    statuses.closed_at is not null as is_closed,
    statuses.closed_at,
    clock.as_of
from firings
cross join clock
inner join statuses on firings.firing_id = statuses.firing_id
left join people on firings.firing_id = people.firing_id
left join held on firings.firing_id = held.firing_id
left join channels on firings.firing_id = channels.firing_id
left join rechecks on firings.firing_id = rechecks.firing_id
left join survivors on firings.account_id = survivors.account_id
left join accounts on coalesce(survivors.survivor_account_id, firings.account_id) = accounts.account_id
left join triggers on firings.trigger_id = triggers.trigger_id
left join plays on firings.play_id = plays.play_id
where
    statuses.status not in ('shadow', 'held_out', 'cancelled')
    and held.firing_id is null
    -- What has to wait may fall due before the next build: it is let through as far as today's look lets it.
    and (
        statuses.status <> 'scheduled'
        or (rechecks.firing_id is null and (channels.held_back_reason is null or channels.channels is not null))
    )
