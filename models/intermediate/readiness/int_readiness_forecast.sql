-- The expansion revenue that a month promises at its start, each account once, and what came. What is uncertain:
-- whether an account expands, by how much, how often accounts expand these months, and what they gain on average.
with

    scores as (select * from {{ ref('int_readiness_scores') }} where is_month_end),

    outcomes as (select * from {{ ref('int_readiness_outcomes') }}),

    gains as (select * from {{ ref('int_readiness_gains') }} where window_days = 30),

    -- A month is longer or shorter than the window.
    accounts as (

        select
            cast(scores.known_at as date) as month,
            scores.segment,
            scores.tier,
            scores.note,
            scores.probability_30d
            * {{ days_between('cast(scores.known_at as date)', 'cast(outcomes.month_until as date)') }}
            / 30.0e0 as probability,
            gains.gain_share * scores.contract_value as mean_arr_gain,
            gains.square_share * scores.contract_value * scores.contract_value as mean_square,
            gains.relative_variance,
            outcomes.arr_gain_month
        from scores
        inner join outcomes on scores.account_id = outcomes.account_id and scores.known_on = outcomes.known_on
        left join
            gains
            on scores.known_on = gains.known_on
            and scores.tier = gains.tier
            and scores.size_band = gains.size_band

    ),

    members as (

        select *
        from accounts

        union all

        select
            month,
            'all' as segment,
            'all' as tier,
            note,
            probability,
            mean_arr_gain,
            mean_square,
            relative_variance,
            arr_gain_month
        from accounts

    ),

    sums as (

        select
            month,
            segment,
            tier,
            min(note) as note,
            count(*) as accounts,
            sum(probability) as expected_accounts,
            sum(probability * mean_arr_gain) as expected_arr,
            sum(
                probability * mean_square - probability * mean_arr_gain * probability * mean_arr_gain
            ) as chance_variance,
            max(relative_variance) as relative_variance,
            sum(arr_gain_month) as actual_arr
        from members
        group by month, segment, tier

    ),

    widths as (

        select
            *,
            {{ normal_975() }}
            * sqrt(greatest(chance_variance + expected_arr * expected_arr * relative_variance, 0)) as half_width
        from sums

    )

select
    month,
    segment,
    tier,
    accounts,
    expected_accounts,
    expected_arr,
    case when half_width is not null then greatest(expected_arr - half_width, 0) end as expected_arr_low,
    expected_arr + half_width as expected_arr_high,
    actual_arr,
    note
from widths
