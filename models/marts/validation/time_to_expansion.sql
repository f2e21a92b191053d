with

    curves as (select * from {{ ref('int_time_to_expansion') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    periods as (select * from {{ ref('int_validation_periods') }} where is_whole)

select
    triggers.trigger_id,
    curves.days_since_trigger,
    curves.at_risk,
    curves.expanded,
    curves.churned,
    curves.censored,
    curves.cumulative_incidence,
    curves.survival,
    curves.survival_low,
    curves.survival_high,
    curves.median_days,
    curves.median_days_among_expanders
from curves
inner join periods on curves.period_key = periods.period_key
inner join triggers on curves.trigger_key = triggers.trigger_key
