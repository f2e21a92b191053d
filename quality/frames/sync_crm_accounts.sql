select
    account_id,
    account_name is not null as has_account_name,
    contract_value,
    health_score,
    open_firings,
    newest_firing_id,
    newest_triggered_at,
    probability_30d,
    expected_arr_30d,
    as_of
from {{ ref('sync_crm_accounts') }}
