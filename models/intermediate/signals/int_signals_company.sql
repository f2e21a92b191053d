-- Headcount growth and the segment of the day.
with

    employees as (select * from {{ ref('int_account_employees_daily') }}),

    history_start as (

        select {{ day_of('min(valid_from)') }} as horizon_on
        from {{ ref('int_account_employees') }}
        where is_recorded and coalesce(is_assumed, false) = false

    ),

    segments as (select * from {{ ref('segments') }}),

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
        from employees as today
        cross join history_start
        left join
            employees as earlier
            on today.account_id = earlier.account_id
            and earlier.signal_on = {{ add_days('today.signal_on', -90) }}

    )

select compared.account_id, compared.signal_on, compared.headcount_growth_90d, segments.segment
from compared
left join
    segments
    on compared.employees >= segments.min_employees
    and (segments.max_employees is null or compared.employees <= segments.max_employees)
