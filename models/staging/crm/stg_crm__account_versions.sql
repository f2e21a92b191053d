-- Employees of each account over time.
with

history as (

    select * from {{ source('salesforce_history', 'account') }}

),

accounts as (

    select account_id from {{ ref('stg_crm__accounts') }}

)

select
    history.id as account_id,
    history.number_of_employees as employees,
    history._fivetran_start as valid_from,
    history._fivetran_end as valid_to
from history
inner join accounts on history.id = accounts.account_id
