-- Employees of each company over time, from the log of its property's changes.
with

    changes as (

        select
            company_id as account_id,
            cast(round(try_cast(value as double)) as bigint) as employees,
            timestamp as valid_from,
            lead(timestamp) over (partition by company_id order by timestamp, _fivetran_start, value) as valid_until
        from {{ source('hubspot', 'company_property_history') }}
        where name = 'numberofemployees'

    )

-- Of two changes at one instant the last one counts.
select account_id, employees, valid_from, valid_until
from changes
where valid_until is null or valid_until > valid_from
