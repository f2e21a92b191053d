-- The history of accounts as the connector's history mode keeps it.
select
    {{ known_id('id') }} as account_id,
    number_of_employees as employees,
    _fivetran_start as valid_from,
    _fivetran_end as valid_until
from {{ source('salesforce_history', 'account') }}
