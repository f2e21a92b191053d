-- Who is there today: the one who acts and the one who is written to. A firing keeps who it was at its moment; whoever
-- has left, moved, bounced, opted out or asked to be erased since is not told, and the next one by the same rules is.
with

    firings as (

        select
            firings.firing_id,
            coalesce(survivors.survivor_account_id, firings.account_id) as account_id,
            coalesce(rules.owner_role, firings.owner_role) as asked_role,
            firings.recipient_user_id,
            firings.recipient_contact_id
        from {{ ref('int_firings') }} as firings
        left join {{ ref('stg_crm__account_survivors') }} as survivors on firings.account_id = survivors.account_id
        left join {{ ref('routing_rules') }} as rules on firings.routing_rule_id = rules.rule_id

    ),

    answers as (select account_id, role, email from {{ ref('int_account_roles') }}),

    automatic_roles as (select role from {{ ref('int_roles') }} where is_automatic),

    erased as (select kind, value from {{ ref('stg_push__erasures') }}),

    addresses as (

        select
            contacts.contact_id,
            contacts.account_id,
            {{ plain_address('contacts.email') }} as email,
            contacts.first_name
        from {{ ref('stg_crm__contacts') }} as contacts
        left join erased on erased.kind = 'contact_id' and contacts.contact_id = erased.value
        where erased.value is null

    ),

    refused as (

        select {{ plain_address('email') }} as email
        from {{ ref('stg_crm__contacts') }}
        where is_mailable = false
        union
        select {{ plain_address('value') }} as email
        from erased
        where kind = 'email'

    ),

    -- Who did it can be told in the product, whatever is known of their address.
    users as (

        select
            firings.firing_id,
            firings.account_id,
            firings.recipient_user_id as user_id,
            case when refused.email is null then users.email end as email
        from firings
        left join {{ ref('stg_product__users') }} as users on firings.recipient_user_id = users.user_id
        left join refused on lower(users.email) = refused.email
        left join erased on erased.kind = 'user_id' and firings.recipient_user_id = erased.value
        where firings.recipient_user_id is not null and erased.value is null

    ),

    ranked_contacts as (

        select
            firings.firing_id,
            contacts.contact_id,
            addresses.email,
            addresses.first_name,
            row_number() over (
                partition by firings.firing_id
                order by
                    case when contacts.contact_id = firings.recipient_contact_id then 0 else 1 end,
                    contacts.is_executive desc,
                    contacts.created_at desc,
                    contacts.contact_id desc
            ) as contact_rank
        from firings
        inner join {{ ref('int_contacts') }} as contacts on firings.account_id = contacts.account_id
        inner join addresses on contacts.contact_id = addresses.contact_id
        left join refused on addresses.email = refused.email
        where firings.recipient_user_id is null and contacts.is_reachable and refused.email is null

    ),

    first_names as (select account_id, email, max(first_name) as first_name from addresses group by account_id, email)

select
    firings.firing_id,
    case
        when answers.email is null and automatic_roles.role is null then 'unassigned' else firings.asked_role
    end as owner_role,
    answers.email as owner_email,
    users.user_id as recipient_user_id,
    ranked_contacts.contact_id as recipient_contact_id,
    coalesce(users.email, ranked_contacts.email) as recipient_email,
    coalesce(first_names.first_name, ranked_contacts.first_name) as first_name,
    users.user_id is not null or ranked_contacts.contact_id is not null as is_reachable
from firings
left join answers on firings.account_id = answers.account_id and firings.asked_role = answers.role
left join automatic_roles on firings.asked_role = automatic_roles.role
left join users on firings.firing_id = users.firing_id
left join ranked_contacts on firings.firing_id = ranked_contacts.firing_id and ranked_contacts.contact_rank = 1
left join first_names on firings.account_id = first_names.account_id and lower(users.email) = first_names.email
