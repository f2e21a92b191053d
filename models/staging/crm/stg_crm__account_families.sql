-- Whose subsidiary each live account is, directly and in the end. A merged parent is its survivor, one that is gone is
-- none, and what leads into a ring of parents has none in the end but itself.
with

    accounts as (

        select account_id, parent_account_id
        from {{ ref('base_crm__accounts') }}
        where is_deleted = false and master_account_id is null

    ),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    parents as (

        select
            accounts.account_id as id,
            case
                when survivors.survivor_account_id <> accounts.account_id then survivors.survivor_account_id
            end as next_id
        from accounts
        left join survivors on accounts.parent_account_id = survivors.account_id

    ),

    followed as ({{ followed_links('parents') | indent(4) }}),

    families as (

        select
            parents.id as account_id,
            parents.next_id as parent_account_id,
            case when ends.next_id is null then followed.end_id else parents.id end as ultimate_parent_account_id
        from parents
        inner join followed on parents.id = followed.id
        inner join parents as ends on followed.end_id = ends.id

    )

select
    account_id,
    parent_account_id,
    ultimate_parent_account_id,
    {{ 'ultimate_parent_account_id' if setting('account_family') == 'ultimate_parent' else 'account_id' }} as family_id
from families
