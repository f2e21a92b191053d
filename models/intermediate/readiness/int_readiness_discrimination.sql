-- How well probabilities tell accounts apart (area under the curve), and whether they are as large as they should be:
-- the logistic regression of what came on the log odds foretold, slope 1 and intercept 0 where they are.
with

    judged as (

        select
            period,
            window_days,
            account_id,
            known_on,
            probability,
            outcome,
            decile,
            ln(probability / (1.0e0 - probability)) as log_odds
        from {{ ref('int_readiness_judged_periods') }}

    ),

    ranked as (

        select
            period,
            window_days,
            outcome,
            decile,
            -- Equal probabilities share the mean of their ranks.
            rank() over (partition by period, window_days order by round(probability, 9))
            + (count(*) over (partition by period, window_days, round(probability, 9)) - 1) / 2.0e0 as mean_rank
        from judged

    ),

    curves as (

        select
            period,
            window_days,
            count(*) as accounts,
            sum(outcome) as expanded,
            sum(case when outcome > 0 then mean_rank else 0.0e0 end) as rank_sum,
            {{ share(
                share('sum(case when decile = 1 then outcome else 0.0e0 end)', 'sum(case when decile = 1 then 1 else 0 end)'),
                'avg(outcome)',
            ) }}
            as first_decile_lift
        from ranked
        group by period, window_days

    ),

    {{ logistic_line('judged', 'period, window_days', 'log_odds', 'outcome') | indent(4) }}

select
    curves.period,
    curves.window_days,
    curves.accounts,
    curves.expanded,
    (curves.rank_sum - curves.expanded * (curves.expanded + 1) / 2.0e0)
    / nullif(curves.expanded * (curves.accounts - curves.expanded), 0) as auc,
    curves.first_decile_lift,
    case when curves.expanded > 0 and curves.expanded < curves.accounts then line.slope end as calibration_slope,
    case when curves.expanded > 0 and curves.expanded < curves.accounts then line.intercept end as calibration_intercept
from curves
left join line on curves.period = line.period and curves.window_days = line.window_days
