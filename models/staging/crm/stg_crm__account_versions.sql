-- Employees of each account over time. A history that begins later than its account says nothing of the time before:
-- there the account is taken to be as in its first version.
with

    -- As the connector's history mode keeps it.
    salesforce as (

        select
            {{ known_id('id') }} as account_id,
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

    accounts as (select account_id, created_at from {{ ref('stg_crm__accounts') }}),

    spans as ({{ half_open_spans('versions', 'account_id', ['employees'], ['valid_until nulls last', 'employees']) }})

select spans.account_id, spans.employees, spans.valid_from, spans.valid_until, false as is_assumed
from spans
inner join accounts on spans.account_id = accounts.account_id

union all

select
    spans.account_id,
    spans.employees,
    coalesce(accounts.created_at, cast('1900-01-01' as timestamp)) as valid_from,
    spans.valid_from as valid_until,
    true as is_assumed
from spans
inner join accounts on spans.account_id = accounts.account_id
where spans.version_number = 1 and coalesce(accounts.created_at, cast('1900-01-01' as timestamp)) < spans.valid_from
