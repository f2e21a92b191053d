-- The first and last close in stage of an account's months: enough to say whether it was in stage in a run of months.
with days as (select * from {{ ref('int_validation_days') }} where is_in_stage)

select
    account_key,
    cast({{ dbt.date_trunc('month', 'signal_on') }} as date) as month_on,
    {{ day_close('min(signal_on)') }} as first_in_stage_at,
    {{ day_close('max(signal_on)') }} as last_in_stage_at
from days
group by account_key, cast({{ dbt.date_trunc('month', 'signal_on') }} as date)
