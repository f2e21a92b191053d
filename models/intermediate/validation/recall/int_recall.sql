with

    outcomes as (select * from {{ ref('int_claimed_outcomes') }}),

    windows as (select * from {{ ref('int_validation_windows') }}),

    periods as (select * from {{ ref('int_validation_periods') }}),

    cohorts as (select * from {{ ref('int_validation_cohorts') }}),

    seen as (
        select
            periods.period_key,
            periods.is_whole,
            outcomes.trigger_key,
            windows.window_days,
            outcomes.stratum_key,
            outcomes.n_outcomes,
            coalesce(
                outcomes.own_start_at >= {{ move_by_days('outcomes.outcome_at', '-windows.window_days') }}, false
            ) as is_recalled,
            coalesce(
                outcomes.other_start_at >= {{ move_by_days('outcomes.outcome_at', '-windows.window_days') }}, false
            ) as is_known_otherwise
        from outcomes
        inner join windows on outcomes.trigger_key = windows.trigger_key
        inner join periods on outcomes.outcome_at > periods.known_after and outcomes.outcome_at <= periods.known_at
        where
            (periods.is_whole or windows.is_primary)
            and outcomes.outcome_at >= {{ move_by_days('outcomes.observed_from', 'windows.window_days') }}
    ),

    by_stratum as (
        select
            period_key,
            is_whole,
            trigger_key,
            window_days,
            stratum_key,
            sum(n_outcomes) as n_claimed,
            sum(case when is_recalled then n_outcomes else 0 end) as n_recalled,
            sum(case when is_recalled and not is_known_otherwise then n_outcomes else 0 end) as n_incremental
        from seen
        group by period_key, is_whole, trigger_key, window_days, stratum_key
    )

select
    by_stratum.period_key,
    by_stratum.trigger_key,
    by_stratum.window_days,
    cohorts.cohort_type,
    cohorts.cohort,
    sum(by_stratum.n_claimed) as n_claimed,
    sum(by_stratum.n_recalled) as n_recalled,
    sum(by_stratum.n_incremental) as n_incremental
from by_stratum
inner join cohorts on by_stratum.stratum_key = cohorts.stratum_key
where by_stratum.is_whole or cohorts.cohort_type = 'all'
group by by_stratum.period_key, by_stratum.trigger_key, by_stratum.window_days, cohorts.cohort_type, cohorts.cohort
