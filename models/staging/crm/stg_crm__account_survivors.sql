-- Every account id ever seen and the live account that speaks for it: itself, or the survivor of its merges.
with recursive

    accounts as (select account_id, master_account_id, is_deleted from {{ ref('base_crm__accounts') }}),

    chain as (

        select account_id, account_id as current_id, 0 as steps
        from accounts

        union all

        select chain.account_id, accounts.master_account_id as current_id, chain.steps + 1 as steps
        from chain
        inner join accounts on chain.current_id = accounts.account_id
        -- A merge leads on; the bound stops a ring of merges.
        where accounts.master_account_id is not null and chain.steps < 20

    ),

    ends as (

        select chain.account_id, chain.current_id
        from chain
        left join accounts on chain.current_id = accounts.account_id
        where accounts.master_account_id is null and accounts.is_deleted = false

    )

select accounts.account_id, ends.current_id as survivor_account_id
from accounts
left join ends on accounts.account_id = ends.account_id
