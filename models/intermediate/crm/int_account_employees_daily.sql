-- Employees at the close of each day, where the CRM knew them.
with

    employees as (select * from {{ ref('int_account_employees') }}),

    days as (select signal_on from {{ ref('int_days') }}),

    first_days as (

        -- 90 days before the account's first paid day are looked back at, no more.
        select account_id, {{ add_days('min(signal_on)', -90) }} as first_on
        from {{ ref('int_account_billing_daily') }}
        group by account_id

    ),

    ranked as (

        select
            employees.account_id,
            days.signal_on,
            employees.employees,
            employees.is_recorded,
            row_number() over (
                partition by employees.account_id, days.signal_on order by employees.valid_from desc
            ) as recency
        from employees
        inner join first_days on employees.account_id = first_days.account_id
        inner join
            days
            on first_days.first_on <= days.signal_on
            and employees.valid_from < {{ day_close('days.signal_on') }}
            and (employees.valid_until is null or employees.valid_until >= {{ day_close('days.signal_on') }})

    )

select account_id, signal_on, employees, is_recorded
from ranked
where recency = 1
