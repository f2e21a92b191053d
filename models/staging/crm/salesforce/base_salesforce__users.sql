-- Staff who can own something: neither inactive nor deleted.
with users as ({{ current_rows(source('salesforce', 'user')) }})

select {{ known_id('id') }} as user_id, email, name as user_name, {{ known_id('manager_id') }} as manager_id
from users
where coalesce(is_active, true) and coalesce(is_deleted, false) = false and coalesce(_fivetran_deleted, false) = false
