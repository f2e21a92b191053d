-- Live opportunities in their current state, at the account that they name.
select
    id as opportunity_id,
    account_id,
    type as opportunity_type,
    amount,
    expansion_firing_id_c as firing_id,
    owner_id,
    coalesce(is_closed, false) as is_closed,
    coalesce(is_won, false) as is_won,
    created_date as created_at,
    close_date as closes_at
from {{ source('salesforce', 'opportunity') }}
where
    coalesce(_fivetran_active, true)
    and coalesce(is_deleted, false) = false
    and coalesce(_fivetran_deleted, false) = false
