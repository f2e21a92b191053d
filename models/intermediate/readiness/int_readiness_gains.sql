-- What an account gains when it expands, as a share of its contract value, so that last year's gains do not lag behind
-- accounts that have grown: over the year's month ends whose windows had closed, by tier and size, shrunk towards the
-- whole by their number. Squares say how far gains scatter.
{%- set shrunk_by = 10 %}
with

    states as (select * from {{ ref('int_readiness_states') }} where is_month_end or is_newest),

    outcomes as (select * from {{ ref('int_readiness_outcomes') }}),

    moments as (select known_on, known_at from {{ ref('int_readiness_moments') }} where is_month_end or is_newest),

    gains as (

        {% for days in readiness_windows() -%}
            select
                states.known_at,
                {{ move_by_days('states.known_at', days) }} as closed_at,
                {{ days }} as window_days,
                states.tier,
                states.size_band,
                states.contract_value,
                outcomes.arr_gain_{{ days }}d as arr_gain
            from states
            inner join outcomes on states.account_id = outcomes.account_id and states.known_on = outcomes.known_on
            where states.is_month_end and outcomes.has_expanded_{{ days }}d {{ 'union all' if not loop.last }}
        {% endfor %}

    ),

    cells as (

        select
            moments.known_on,
            gains.window_days,
            gains.tier,
            gains.size_band,
            count(*) as n,
            sum(gains.contract_value) as contract_value,
            sum(gains.arr_gain) as arr_gain,
            sum(gains.contract_value * gains.contract_value) as contract_value_squares,
            sum(gains.arr_gain * gains.arr_gain) as arr_gain_squares,
            sum(gains.arr_gain * gains.contract_value) as products,
            sum(case when gains.known_at >= {{ move_by_days('moments.known_at', -180) }} then 1 else 0 end) as n_lately
        from moments
        inner join
            gains
            on moments.known_at >= gains.closed_at
            and {{ move_by_days('moments.known_at', -365) }} <= gains.known_at
        group by moments.known_on, gains.window_days, gains.tier, gains.size_band

    ),

    wholes as (

        select
            known_on,
            window_days,
            sum(n) as n,
            sum(n_lately) as n_lately,
            sum(arr_gain) as arr_gain,
            {{ share('sum(arr_gain)', 'sum(contract_value)') }} as gain_share,
            {{ share('sum(arr_gain_squares)', 'sum(contract_value_squares)') }} as square_share,
            sum(arr_gain_squares) as arr_gain_squares,
            sum(products) as products,
            sum(contract_value_squares) as contract_value_squares
        from cells
        group by known_on, window_days

    ),

    asked as (select distinct known_on, tier, size_band from states)

select
    asked.known_on,
    wholes.window_days,
    asked.tier,
    asked.size_band,
    coalesce(cells.n, 0) as expanded_accounts,
    {{ share(
        'coalesce(cells.n * ' ~ share('cells.arr_gain', 'cells.contract_value') ~ ', 0.0e0) + '
        ~ shrunk_by ~ ' * wholes.gain_share',
        'coalesce(cells.n, 0) + ' ~ shrunk_by,
    ) }} as gain_share,
    {{ share(
        'coalesce(cells.n * ' ~ share('cells.arr_gain_squares', 'cells.contract_value_squares') ~ ', 0.0e0) + '
        ~ shrunk_by ~ ' * wholes.square_share',
        'coalesce(cells.n, 0) + ' ~ shrunk_by,
    ) }} as square_share,
    -- Of the rate, by those that expanded lately; and of the share, a ratio of sums.
    {{ share('1', 'wholes.n_lately') }}
    + {{ share(
        'wholes.arr_gain_squares - 2 * wholes.gain_share * wholes.products'
        ' + wholes.gain_share * wholes.gain_share * wholes.contract_value_squares',
        'wholes.arr_gain * wholes.arr_gain',
    ) }} as relative_variance
from asked
inner join wholes on asked.known_on = wholes.known_on
left join
    cells
    on asked.known_on = cells.known_on
    and wholes.window_days = cells.window_days
    and asked.tier = cells.tier
    and asked.size_band = cells.size_band
