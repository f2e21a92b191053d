-- Accounts in stage on some day of a period.
with

    months as (select * from {{ ref('int_stage_months') }}),

    periods as (select * from {{ ref('int_validation_periods') }})

select distinct periods.period_key, months.account_key
from months
inner join periods on months.last_in_stage_at > periods.known_from and months.first_in_stage_at <= periods.known_at
