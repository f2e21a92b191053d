-- The addresses that marts may hold belong to staff or to a queue. Of firings those of this build are asked: who has
-- left
-- since was staff then.
with

    addresses as (

        select firings.owner_email as email
        from {{ ref('fct_fired_triggers') }} as firings
        inner join {{ ref('int_new_firings') }} as new_firings on firings.firing_id = new_firings.firing_id
        union
        select account_executive_email as email
        from {{ ref('dim_accounts') }}
        union
        select success_manager_email as email
        from {{ ref('dim_accounts') }}

    )

select addresses.email
from addresses
inner join {{ ref('stg_crm__contacts') }} as contacts on lower(addresses.email) = lower(contacts.email)
left join {{ ref('stg_crm__users') }} as users on lower(addresses.email) = lower(users.email)
where users.user_id is null
