-- Live tasks in their current state, at the account that they name.
with tasks as ({{ current_rows(source('salesforce', 'task')) }})

select
    {{ known_id('id') }} as task_id,
    {{ known_id('account_id') }} as account_id,
    call_disposition,
    status,
    {{ known_id('expansion_firing_id_c') }} as firing_id,
    coalesce(is_closed, false) as is_closed,
    created_date as created_at,
    completed_date_time as completed_at
from tasks
where coalesce(is_deleted, false) = false and coalesce(_fivetran_deleted, false) = false
