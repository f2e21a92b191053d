-- Staff who can own something: neither inactive nor deleted.
select id as user_id, email, name as user_name, manager_id
from {{ source('salesforce', 'user') }}
where coalesce(_fivetran_active, true) and coalesce(is_active, true) and coalesce(_fivetran_deleted, false) = false
