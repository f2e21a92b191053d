with

    clock as (select * from {{ ref('int_clock') }}),

    -- What was known at a month's end speaks about the month after.
    months as (
        select
            period_key,
            cast(known_at as date) as month,
            known_at as starts_at,
            cast({{ dbt.dateadd('month', 1, 'known_at') }} as timestamp) as ends_at,
            known_from
        from {{ ref('int_validation_periods') }}
        where not is_whole
    ),

    triggers as (select * from {{ ref('int_validation_triggers') }} where is_active and not is_risk),

    gains as (
        select months.period_key, gains.trigger_key, avg(gains.arr_gain) as mean_arr_gain
        from {{ ref('int_index_event_gains') }} as gains
        inner join months on gains.triggered_at > months.known_from and gains.window_ends_at <= months.starts_at
        group by months.period_key, gains.trigger_key
    ),

    actuals as (
        select months.period_key, expansions.trigger_key, sum(expansions.arr_delta) as arr
        from {{ ref('int_attributed_expansions') }} as expansions
        inner join months on expansions.expanded_at >= months.starts_at and expansions.expanded_at < months.ends_at
        group by months.period_key, expansions.trigger_key
    ),

    joined as (
        select
            months.month,
            triggers.trigger_id,
            coalesce(open_firings.open_firings, 0) as open_firings,
            measures.precision,
            gains.mean_arr_gain,
            case
                when open_firings.open_firings is null
                then 0
                else open_firings.open_firings * measures.precision * coalesce(gains.mean_arr_gain, 0)
            end as expected_arr,
            case when months.ends_at <= clock.as_of then coalesce(actuals.arr, 0) end as actual_arr
        from months
        cross join triggers
        cross join clock
        left join
            {{ ref('int_forecast_open_firings') }} as open_firings
            on months.period_key = open_firings.period_key
            and triggers.trigger_key = open_firings.trigger_key
        left join
            {{ ref('int_scorecard_precision') }} as measures
            on months.period_key = measures.period_key
            and triggers.trigger_key = measures.trigger_key
        left join gains on months.period_key = gains.period_key and triggers.trigger_key = gains.trigger_key
        left join actuals on months.period_key = actuals.period_key and triggers.trigger_key = actuals.trigger_key
    )

select
    month,
    trigger_id,
    cast(open_firings as bigint) as open_firings,
    precision,
    mean_arr_gain,
    {{ round_money('expected_arr') }} as expected_arr,
    {{ round_money('actual_arr') }} as actual_arr,
    cast({{ round_money('actual_arr') }} - {{ round_money('expected_arr') }} as decimal(18, 2)) as error_arr
from joined
