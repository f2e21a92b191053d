-- Live contacts in their current state, at the account that they name.
select
    id as contact_id,
    account_id,
    email,
    first_name,
    title,
    created_date as created_at,
    coalesce(has_opted_out_of_email, false) = false
    and coalesce(is_email_bounced, false) = false
    and email_bounced_date is null as is_mailable
from {{ source('salesforce', 'contact') }}
where
    coalesce(_fivetran_active, true)
    and coalesce(is_deleted, false) = false
    and coalesce(_fivetran_deleted, false) = false
    and master_record_id is null
