with

    judged as (select * from {{ ref('int_readiness_judged_periods') }}),

    discrimination as (select * from {{ ref('int_readiness_discrimination') }}),

    deciles as (

        select
            period, window_days, decile, count(*) as accounts, sum(outcome) as expanded, avg(probability) as predicted
        from judged
        group by period, window_days, decile

    )

select
    deciles.period,
    cast(deciles.window_days as integer) as window_days,
    cast(deciles.decile as integer) as decile,
    cast(deciles.accounts as bigint) as accounts,
    cast(deciles.expanded as bigint) as expanded,
    deciles.predicted,
    {{ share('deciles.expanded', 'deciles.accounts') }} as observed,
    {{ wilson_low('deciles.expanded', 'deciles.accounts') }} as observed_low,
    {{ wilson_high('deciles.expanded', 'deciles.accounts') }} as observed_high,
    discrimination.calibration_slope,
    discrimination.calibration_intercept,
    discrimination.auc,
    discrimination.first_decile_lift
from deciles
inner join discrimination on deciles.period = discrimination.period and deciles.window_days = discrimination.window_days
