-- Headcount growth and the segment of the day, by the employees that the CRM knew at its close.
with

    employees as (select * from {{ ref('int_account_employees') }}),

    history_start as (
        select {{ day_of('min(valid_from)') }} as horizon_on
        from employees
        where is_recorded and coalesce(is_assumed, false) = false
    ),

    segments as (select * from {{ ref('segments') }}),

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

    ),

    employees_daily as (select * from ranked where recency = 1),

    compared as (

        select
            today.account_id,
            today.signal_on,
            today.employees,
            case
                when
                    today.is_recorded
                    and earlier.is_recorded
                    and {{ add_days('today.signal_on', -90) }} >= history_start.horizon_on
                then {{ ratio('(today.employees - earlier.employees)', 'earlier.employees') }}
            end as headcount_growth_90d
        from employees_daily as today
        cross join history_start
        left join
            employees_daily as earlier
            on today.account_id = earlier.account_id
            and earlier.signal_on = {{ add_days('today.signal_on', -90) }}

    )

select compared.account_id, compared.signal_on, compared.headcount_growth_90d, segments.segment
from compared
left join
    segments
    on compared.employees >= segments.min_employees
    and (segments.max_employees is null or compared.employees <= segments.max_employees)
