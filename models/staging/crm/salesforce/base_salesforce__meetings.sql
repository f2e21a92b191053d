-- Live meetings, without the copies of invitees.
select
    id as meeting_id,
    account_id,
    expansion_firing_id_c as firing_id,
    created_date as created_at,
    start_date_time as starts_at
from {{ source('salesforce', 'event') }}
where
    coalesce(_fivetran_active, true)
    and coalesce(is_deleted, false) = false
    and coalesce(_fivetran_deleted, false) = false
    and coalesce(is_child, false) = false
