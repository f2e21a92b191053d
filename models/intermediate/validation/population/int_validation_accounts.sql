with days as (select distinct account_id from {{ ref('int_account_stage_daily') }})

select
    account_id,
    cast(row_number() over (order by account_id) as integer) as account_key,
    {{ md5_number('account_id', 1) }} % {{ hash_prime() }} as account_hash
from days
