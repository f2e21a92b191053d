-- Employees of each company over time, from the log of its property's changes. Of two changes at one instant the last
-- one counts.
with

    changes as (

        select
            {{ known_id('company_id') }} as account_id,
            cast(round(try_cast(value as double)) as bigint) as employees,
            timestamp as valid_from,
            row_number() over (
                partition by {{ known_id('company_id') }}, timestamp
                order by _fivetran_start desc nulls last, value desc
            ) as recency
        from {{ source('hubspot', 'company_property_history') }}
        where name = 'numberofemployees'

    )

select account_id, employees, valid_from, cast(null as timestamp) as valid_until
from changes
where recency = 1
