-- What else a contact has been known by: ids and addresses of the contacts that were merged into it.
with contacts as ({{ current_rows(source('salesforce', 'contact')) }})

select
    {{ known_id('master_record_id') }} as contact_id,
    {{ known_id('id') }} as alias_contact_id,
    {{ plain_address('email') }} as alias_email
from contacts
where {{ known_id('master_record_id') }} is not null
