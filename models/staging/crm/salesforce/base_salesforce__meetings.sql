-- Live meetings, without the copies of invitees.
with meetings as ({{ current_rows(source('salesforce', 'event')) }})

select
    {{ known_id('id') }} as meeting_id,
    {{ known_id('account_id') }} as account_id,
    {{ known_id('expansion_firing_id_c') }} as firing_id,
    created_date as created_at,
    start_date_time as starts_at
from meetings
where
    coalesce(is_deleted, false) = false
    and coalesce(_fivetran_deleted, false) = false
    and coalesce(is_child, false) = false
