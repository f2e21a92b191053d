-- The history of opportunities as the connector's history mode keeps it.
select
    {{ known_id('id') }} as opportunity_id,
    coalesce(is_closed, false) as is_closed,
    coalesce(is_won, false) as is_won,
    close_date as closes_at,
    _fivetran_start as valid_from,
    _fivetran_end as valid_until
from {{ source('salesforce_history', 'opportunity') }}
