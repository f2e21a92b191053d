-- Whose account a user's events without a group are, and from when until when: that of the user's newest group call,
-- and before the first call that of the user's e-mail domain.
with

    memberships as (select * from {{ ref('int_product_memberships') }}),

    matches as (select * from {{ ref('int_identity_matches') }} where account_id is not null),

    first_calls as (select user_key, min(valid_from) as called_from from memberships group by user_key),

    by_group as (

        select
            memberships.user_key,
            matches.account_id,
            matches.account_key,
            memberships.valid_from,
            coalesce(memberships.valid_until, cast('9999-12-31' as timestamp)) as valid_until
        from memberships
        inner join matches on memberships.group_id = matches.record_id and matches.source_name = 'product'

    ),

    by_domain as (

        select {{ hash_key('record_id') }} as user_key, account_id, account_key
        from matches
        where source_name = 'product_user'

    )

select user_key, account_id, account_key, valid_from, valid_until
from by_group

union all

select
    by_domain.user_key,
    by_domain.account_id,
    by_domain.account_key,
    cast('1900-01-01' as timestamp) as valid_from,
    coalesce(first_calls.called_from, cast('9999-12-31' as timestamp)) as valid_until
from by_domain
left join first_calls on by_domain.user_key = first_calls.user_key
