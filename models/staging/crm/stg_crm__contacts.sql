-- Live contacts at the account that speaks for theirs. A person whom two CRMs know is the earlier one's contact.
with

    contacts as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__contacts'),
        'hubspot': ref('base_hubspot__contacts'),
    }) }}

    ),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    placed as (

        select
            contacts.contact_id,
            contacts.vendor_rank,
            survivors.survivor_account_id as account_id,
            contacts.email,
            contacts.first_name,
            contacts.title,
            contacts.created_at,
            contacts.is_mailable
        from contacts
        inner join survivors on contacts.account_id = survivors.account_id
        where survivors.survivor_account_id is not null

    ),

    people as (

        select account_id, {{ plain_address('email') }} as email, min(vendor_rank) as vendor_rank
        from placed
        where {{ plain_address('email') }} is not null
        group by account_id, {{ plain_address('email') }}

    ),

    -- Whoever wants no more e-mail said so for the address, wherever it stands.
    unmailable as (select distinct {{ plain_address('email') }} as email from contacts where is_mailable = false)

select
    placed.contact_id,
    placed.account_id,
    placed.email,
    placed.first_name,
    placed.title,
    placed.created_at,
    placed.is_mailable and unmailable.email is null as is_mailable
from placed
left join unmailable on {{ plain_address('placed.email') }} = unmailable.email
left join
    people
    on placed.account_id = people.account_id
    and {{ plain_address('placed.email') }} = people.email
    and placed.vendor_rank > people.vendor_rank
where people.email is null
