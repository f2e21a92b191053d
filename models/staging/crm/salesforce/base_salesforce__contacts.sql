-- Live contacts in their current state, at the account that they name.
with contacts as ({{ current_rows(source('salesforce', 'contact')) }})

select
    {{ known_id('id') }} as contact_id,
    {{ known_id('account_id') }} as account_id,
    email,
    first_name,
    title,
    created_date as created_at,
    coalesce(has_opted_out_of_email, false) = false
    and coalesce(is_email_bounced, false) = false
    and email_bounced_date is null as is_mailable
from contacts
where
    coalesce(is_deleted, false) = false
    and coalesce(_fivetran_deleted, false) = false
    and {{ known_id('master_record_id') }} is null
