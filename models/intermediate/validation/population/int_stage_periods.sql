-- Accounts in stage on some day of a period, and whether on some day of the month that it ends with.
with

    -- A month's first and last close in stage are enough to say whether it was in stage in a run of months.
    months as (
        select
            account_key,
            {{ day_close('min(signal_on)') }} as first_in_stage_at,
            {{ day_close('max(signal_on)') }} as last_in_stage_at
        from {{ ref('int_validation_days') }}
        where is_in_stage
        group by account_key, cast({{ dbt.date_trunc('month', 'signal_on') }} as date)
    ),

    periods as (select * from {{ ref('int_validation_periods') }})

select
    periods.period_key,
    months.account_key,
    max(months.last_in_stage_at) > max(cast(periods.period_start as timestamp)) as is_in_stage_in_last_month
from months
inner join periods on months.last_in_stage_at > periods.known_after and months.first_in_stage_at <= periods.known_at
group by periods.period_key, months.account_key
