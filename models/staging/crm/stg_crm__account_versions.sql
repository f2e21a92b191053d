-- Employees of each account over time.
with

    versions as (

        {{ vendor_rows('crm', {
        'salesforce': ref('base_salesforce__account_versions'),
        'hubspot': ref('base_hubspot__account_versions'),
    }) }}

    ),

    accounts as (select account_id from {{ ref('stg_crm__accounts') }})

select versions.account_id, versions.employees, versions.valid_from, versions.valid_until
from versions
inner join accounts on versions.account_id = accounts.account_id
