-- Employees of each account over time.
with

    -- As the connector's history mode keeps it.
    salesforce as (

        select
            id as account_id,
            number_of_employees as employees,
            _fivetran_start as valid_from,
            _fivetran_end as valid_until
        from {{ source('salesforce_history', 'account') }}

    ),

    versions as (

        {{ vendor_rows('crm', {
        'salesforce': 'salesforce',
        'hubspot': ref('base_hubspot__account_versions'),
    }) }}

    ),

    accounts as (select account_id from {{ ref('stg_crm__accounts') }})

select versions.account_id, versions.employees, versions.valid_from, versions.valid_until
from versions
inner join accounts on versions.account_id = accounts.account_id
