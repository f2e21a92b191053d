-- Only accounts that are live today and that a group or a user was matched to have product rows.
with

    rows_of_accounts as (

        select 'events' as found_in, account_id
        from {{ ref('int_product_user_days') }}
        union
        select 'feature_uses' as found_in, account_id
        from {{ ref('int_product_feature_uses') }}
        union
        select 'metered_uses' as found_in, account_id
        from {{ ref('int_product_metered_uses') }}
        union
        select 'storage' as found_in, account_id
        from {{ ref('int_product_storage') }}

    ),

    matched_accounts as (

        select distinct account_id
        from {{ ref('int_identity_matches') }}
        where source_name in ('product', 'product_user')

    )

select rows_of_accounts.found_in, rows_of_accounts.account_id
from rows_of_accounts
left join {{ ref('stg_crm__accounts') }} as accounts on rows_of_accounts.account_id = accounts.account_id
left join matched_accounts on rows_of_accounts.account_id = matched_accounts.account_id
where accounts.account_id is null or matched_accounts.account_id is null
