-- Every account id ever seen and the live account that speaks for it: itself, or the survivor of its merges.
with

    accounts as (select account_id, master_account_id, is_deleted from {{ ref('base_crm__accounts') }}),

    merged_into as (select account_id as id, master_account_id as next_id from accounts),

    followed as ({{ followed_links('merged_into') | indent(4) }}),

    -- An end that leads on lies in a ring of merges: nobody survives it.
    ends as (

        select followed.id as account_id, followed.end_id as survivor_account_id
        from followed
        left join accounts on followed.end_id = accounts.account_id
        where accounts.master_account_id is null and accounts.is_deleted = false

    ),

    resolved as (

        select accounts.account_id, ends.survivor_account_id
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
