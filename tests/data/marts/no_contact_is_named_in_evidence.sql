-- Neither evidence nor any reason of this build's firings holds the first name or the address of a contact.
with

    contacts as (

        select account_id, contact_id, first_name, case when email like '%@%' then email end as email
        from {{ ref('stg_crm__contacts') }}

    )

select firings.firing_id, contacts.contact_id
from {{ ref('fct_fired_triggers') }} as firings
inner join {{ ref('int_new_firings') }} as new_firings on firings.firing_id = new_firings.firing_id
inner join contacts on firings.account_id = contacts.account_id
where
    instr(firings.evidence, contacts.email) > 0
    or instr(firings.evidence, '"' || contacts.first_name || '"') > 0
    or firings.recipient_contact_id in (contacts.email, contacts.first_name)
