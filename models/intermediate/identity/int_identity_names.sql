-- Rule 3 of the cascade: accounts that go by the record's normalised name.
with

    records as (select * from {{ ref('int_identity_records') }}),

    accounts as (select * from {{ ref('stg_crm__accounts') }}),

    normalised_names as (select * from {{ ref('int_normalised_names') }}),

    account_names as (

        select accounts.account_id, normalised_names.normalised_name
        from accounts
        inner join normalised_names on accounts.account_name = normalised_names.name

    )

select distinct records.source_name, records.record_id, account_names.account_id
from records
inner join normalised_names on records.record_name = normalised_names.name
inner join account_names on normalised_names.normalised_name = account_names.normalised_name
