with

contacts as (

    select * from {{ source('salesforce', 'contact') }}

),

survivors as (

    select * from {{ ref('stg_crm__account_survivors') }}

)

select
    contacts.id as contact_id,
    survivors.survivor_account_id as account_id,
    contacts.email,
    contacts.first_name,
    contacts.title,
    contacts.created_date as created_at
from contacts
inner join survivors on contacts.account_id = survivors.account_id
where
    coalesce(contacts._fivetran_active, true)
    and coalesce(contacts.is_deleted, false) = false
    and coalesce(contacts._fivetran_deleted, false) = false
    and contacts.master_record_id is null
    and survivors.survivor_account_id is not null
