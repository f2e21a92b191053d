-- The money of a month: expansions, with and without a firing; opportunities closed, with and without one; and how
-- near the forecasts came.
with

    months as (
        select period_key, cast(period_start as timestamp) as month_from, known_at as month_until
        from {{ ref('int_validation_periods') }}
        where not is_whole
    ),

    expansions as (
        select
            months.period_key,
            count(*) as expansions,
            sum(case when expansions.has_firing then 1 else 0 end) as expansions_with_firing,
            sum(expansions.arr_delta) as expansion_arr,
            sum(case when expansions.firing_id is not null then expansions.arr_delta else 0 end) as attributed_arr,
            median(
                {{ dbt.datediff('expansions.triggered_at', 'expansions.expanded_at', 'second') }} / 86400.0e0
            ) as median_days_to_expansion
        from {{ ref('int_attributed_expansions') }} as expansions
        inner join months on expansions.expanded_at >= months.month_from and expansions.expanded_at < months.month_until
        group by months.period_key
    ),

    closes as (
        select
            months.period_key,
            sum(case when closes.has_firing then 1 else 0 end) as closed_with_firing,
            sum(case when closes.has_firing and closes.is_won then 1 else 0 end) as won_with_firing,
            sum(case when closes.has_firing then 0 else 1 end) as closed_without_firing,
            sum(case when not closes.has_firing and closes.is_won then 1 else 0 end) as won_without_firing
        from {{ ref('int_opportunity_closes') }} as closes
        inner join months on closes.closed_at >= months.month_from and closes.closed_at < months.month_until
        group by months.period_key
    ),

    -- Each account once: open firings would promise an account's expansion as often as it fires.
    forecasts as (
        select
            months.period_key,
            abs(forecasts.expected_arr - forecasts.actual_arr) as forecast_error_arr,
            forecasts.actual_arr as forecast_actual_arr
        from {{ ref('int_readiness_forecast') }} as forecasts
        inner join months on cast(forecasts.month as timestamp) = months.month_from
        where forecasts.segment = 'all' and forecasts.tier = 'all' and forecasts.expected_arr is not null
    )

select
    months.period_key,
    coalesce(expansions.expansions, 0) as expansions,
    expansions.expansions_with_firing,
    coalesce(expansions.expansion_arr, 0) as expansion_arr,
    coalesce(expansions.attributed_arr, 0) as attributed_arr,
    expansions.median_days_to_expansion,
    closes.closed_with_firing,
    closes.won_with_firing,
    closes.closed_without_firing,
    closes.won_without_firing,
    forecasts.forecast_error_arr,
    forecasts.forecast_actual_arr
from months
left join expansions on months.period_key = expansions.period_key
left join closes on months.period_key = closes.period_key
left join forecasts on months.period_key = forecasts.period_key
