-- Live opportunities in their current state, at the account that they name.
with opportunities as ({{ current_rows(source('salesforce', 'opportunity')) }})

select
    {{ known_id('id') }} as opportunity_id,
    {{ known_id('account_id') }} as account_id,
    {{ known_text('type') }} as opportunity_type,
    amount,
    {{ known_id('expansion_firing_id_c') }} as firing_id,
    {{ known_id('owner_id') }} as owner_id,
    {{ known_text('stage_name') }} as stage,
    is_closed is not null as is_stage_known,
    coalesce(is_closed, false) as is_closed,
    coalesce(is_won, false) as is_won,
    created_date as created_at,
    close_date as closes_at,
    last_stage_change_date as stage_changed_at,
    coalesce(last_modified_date, _fivetran_synced) as modified_at
from opportunities
where coalesce(is_deleted, false) = false and coalesce(_fivetran_deleted, false) = false
