-- Every account id ever seen and the live account that speaks for it: itself, or the survivor of its merges. The
-- first 15 of the 18 characters of a Salesforce id are one more id, as long as they are one account's alone.
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

    ),

    resolved as (

        select accounts.account_id, ends.current_id as survivor_account_id
        from accounts
        left join ends on accounts.account_id = ends.account_id

    ),

    short_ids as (

        select {{ short_id('account_id') }} as account_id, max(survivor_account_id) as survivor_account_id
        from resolved
        where {{ short_id('account_id') }} is not null
        group by {{ short_id('account_id') }}
        having count(*) = 1

    )

select account_id, survivor_account_id
from resolved

union all

select short_ids.account_id, short_ids.survivor_account_id
from short_ids
left join resolved on short_ids.account_id = resolved.account_id
where resolved.account_id is null
