-- Live tasks in their current state, at the account that they name.
select
    id as task_id,
    account_id,
    call_disposition,
    status,
    expansion_firing_id_c as firing_id,
    coalesce(is_closed, false) as is_closed,
    created_date as created_at,
    completed_date_time as completed_at
from {{ source('salesforce', 'task') }}
where
    coalesce(_fivetran_active, true)
    and coalesce(is_deleted, false) = false
    and coalesce(_fivetran_deleted, false) = false
