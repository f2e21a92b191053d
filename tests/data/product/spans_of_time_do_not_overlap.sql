-- At any instant a user belongs to one group and an account has one storage trait.
with

    spans as (

        select 'memberships' as found_in, cast(user_key as {{ dbt.type_string() }}) as owner, valid_from, valid_until
        from {{ ref('int_product_memberships') }}
        union all
        select 'storage' as found_in, account_id as owner, valid_from, valid_until
        from {{ ref('int_product_storage') }}

    ),

    followed as (

        select *, lead(valid_from) over (partition by found_in, owner order by valid_from) as next_from from spans

    )

select found_in, owner, valid_from, valid_until, next_from
from followed
where valid_until <= valid_from or valid_until is distinct from next_from
