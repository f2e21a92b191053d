-- Employees of an account and from when until when: its history, or for all time today's number where none is kept.
with

    versions as (

        select account_versions.*, clock.as_of
        from {{ ref('stg_crm__account_versions') }} as account_versions
        inner join {{ ref('int_clock') }} as clock on account_versions.valid_from <= clock.as_of

    ),

    accounts as (select * from {{ ref('stg_crm__accounts') }}),

    recorded_accounts as (select distinct account_id from {{ ref('stg_crm__account_versions') }})

select
    account_id,
    employees,
    valid_from,
    case when valid_until <= as_of then valid_until end as valid_until,
    true as is_recorded,
    is_assumed
from versions

union all

select
    accounts.account_id,
    accounts.employees,
    cast('1900-01-01' as timestamp) as valid_from,
    cast(null as timestamp) as valid_until,
    false as is_recorded,
    false as is_assumed
from accounts
left join recorded_accounts on accounts.account_id = recorded_accounts.account_id
where recorded_accounts.account_id is null
