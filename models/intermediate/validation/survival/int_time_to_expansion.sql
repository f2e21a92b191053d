-- The life table of each trigger and period, its curves, and the days until half have expanded.
with

    digits as (
        {% for digit in range(10) -%}select {{ digit }} as digit{{ ' union all' if not loop.last }} {% endfor %}
    ),

    numbers as (
        select hundreds.digit * 100 + tens.digit * 10 + ones.digit as days_since_trigger
        from digits as hundreds
        cross join digits as tens
        cross join digits as ones
    ),

    windows as (select * from {{ ref('int_validation_windows') }} where is_primary),

    ended as (
        select
            period_key,
            trigger_key,
            ended_day,
            count(*) as n_ended,
            sum(case when ended_by = 'expanded' then 1 else 0 end) as expanded,
            sum(case when ended_by = 'churned' then 1 else 0 end) as churned
        from {{ ref('int_follow_ups') }}
        group by period_key, trigger_key, ended_day
    ),

    totals as (select period_key, trigger_key, sum(n_ended) as n_events from ended group by period_key, trigger_key),

    life_table as (
        select
            totals.period_key,
            totals.trigger_key,
            numbers.days_since_trigger,
            cast(
                totals.n_events - coalesce(
                    sum(ended.n_ended) over (
                        partition by totals.period_key, totals.trigger_key
                        order by numbers.days_since_trigger
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                ) as bigint
            ) as at_risk,
            cast(coalesce(ended.expanded, 0) as bigint) as expanded,
            cast(coalesce(ended.churned, 0) as bigint) as churned,
            cast(coalesce(ended.n_ended - ended.expanded - ended.churned, 0) as bigint) as censored
        from totals
        inner join windows on totals.trigger_key = windows.trigger_key
        inner join numbers on numbers.days_since_trigger <= windows.window_days
        left join
            ended
            on totals.period_key = ended.period_key
            and totals.trigger_key = ended.trigger_key
            and numbers.days_since_trigger = ended.ended_day
    ),

    curves as ({{ survival_curves('life_table', 'period_key, trigger_key', 'days_since_trigger') }}),

    counted as (
        select
            curves.*,
            sum(expanded) over (
                partition by period_key, trigger_key
                order by days_since_trigger
                rows between unbounded preceding and current row
            ) as expanded_so_far,
            sum(expanded) over (partition by period_key, trigger_key) as expanded_in_all
        from curves
    )

select
    period_key,
    trigger_key,
    days_since_trigger,
    at_risk,
    expanded,
    churned,
    censored,
    cumulative_incidence,
    survival,
    survival_low,
    survival_high,
    min(case when cumulative_incidence >= 0.5 - 1e-12 then days_since_trigger end) over (
        partition by period_key, trigger_key
    ) as median_days,
    min(case when expanded_in_all > 0 and 2 * expanded_so_far >= expanded_in_all then days_since_trigger end) over (
        partition by period_key, trigger_key
    ) as median_days_among_expanders
from counted
