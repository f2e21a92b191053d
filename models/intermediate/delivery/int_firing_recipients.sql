-- The person to write to: who did it, else the newest executive contact, else the newest contact. Ids only.
with

    firings as (select * from {{ ref('int_new_firings') }}),

    contacts as (select * from {{ ref('int_contacts') }}),

    ranked as (

        select
            firings.firing_id,
            contacts.contact_id,
            row_number() over (
                partition by firings.firing_id
                order by contacts.is_executive desc, contacts.created_at desc, contacts.contact_id desc
            ) as contact_rank
        from firings
        inner join contacts on firings.account_id = contacts.account_id and contacts.created_at < firings.moment
        where firings.recipient_user_id is null

    )

select firings.firing_id, firings.recipient_user_id, ranked.contact_id as recipient_contact_id
from firings
left join ranked on firings.firing_id = ranked.firing_id and ranked.contact_rank = 1
