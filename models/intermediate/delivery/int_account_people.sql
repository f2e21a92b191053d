-- The people of an account on the vendor's side: only who can still be reached.
with

    accounts as (select account_id, owner_id, customer_success_manager_id from {{ ref('stg_crm__accounts') }}),

    users as (select * from {{ ref('stg_crm__users') }})

select
    accounts.account_id,
    executives.user_id as account_executive_id,
    executives.email as account_executive_email,
    executives.user_name as account_executive_name,
    managers.user_id as success_manager_id,
    managers.email as success_manager_email,
    managers.user_name as success_manager_name,
    superiors.email as manager_email
from accounts
left join users as executives on accounts.owner_id = executives.user_id
left join users as managers on accounts.customer_success_manager_id = managers.user_id
left join users as superiors on executives.manager_id = superiors.user_id
