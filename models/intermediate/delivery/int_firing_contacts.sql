-- Which firings write to a customer, and whether by themselves: what the limits on contact are about, unless they are
-- cancelled. What is in shadow or held out is told to nobody.
with

    firings as (select * from {{ ref('int_firings') }}),

    triggers as (select trigger_id, timing, priority from {{ ref('trigger_library') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    families as (select account_id, family_id from {{ ref('stg_crm__account_families') }}),

    live as (

        select firings.*, coalesce(survivors.survivor_account_id, firings.account_id) as live_account_id
        from firings
        left join survivors on firings.account_id = survivors.account_id
        where not firings.is_shadow and not firings.is_holdout

    ),

    automatic_roles as (select role from {{ ref('int_roles') }} where is_automatic),

    outward as (

        select distinct firings.channels
        from (select distinct channels from firings) as firings
        inner join
            {{ ref('channels') }} as channels
            on {{ is_named_in('channels.channel', 'firings.channels') }}
            and channels.reaches_customer

    )

select
    firings.firing_id,
    firings.live_account_id as account_id,
    coalesce(families.family_id, firings.live_account_id) as family_id,
    firings.deliver_at,
    -- Several of one trigger can wait for one opening of the send window: then the one that fired first goes first.
    row_number() over (
        partition by coalesce(families.family_id, firings.live_account_id)
        order by
            firings.deliver_at, coalesce(triggers.priority, 0), firings.trigger_id, firings.fired_at, firings.firing_id
    ) as place,
    -- What answers the customer's own click counts and is exempt, and so is what a person sends.
    automatic_roles.role is not null and coalesce(triggers.timing, '') <> 'immediate' as is_limited,
    coalesce(firings.recipient_contact_id, firings.recipient_user_id) is not null as names_somebody
from live as firings
inner join outward on firings.channels = outward.channels
left join triggers on firings.trigger_id = triggers.trigger_id
left join families on firings.live_account_id = families.account_id
left join automatic_roles on firings.owner_role = automatic_roles.role
