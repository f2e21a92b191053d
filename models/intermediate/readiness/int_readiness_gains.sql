-- What an account gains when it expands: the mean of the year's month ends whose windows had closed, by tier and size,
-- shrunk towards the whole by its number. The mean square says how far gains scatter.
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
            sum(gains.arr_gain) as total,
            sum(gains.arr_gain * gains.arr_gain) as squares,
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
            {{ share('sum(total)', 'sum(n)') }} as mean_gain,
            {{ share('sum(squares)', 'sum(n)') }} as mean_square,
            sum(n_lately) as n_lately
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
    wholes.n as expanded_accounts_whole,
    wholes.n_lately as expanded_accounts_lately,
    wholes.mean_gain as mean_arr_gain_whole,
    wholes.mean_square as mean_square_whole,
    {{ share(
        'coalesce(cells.total, 0) + ' ~ shrunk_by ~ ' * wholes.mean_gain', 'coalesce(cells.n, 0) + ' ~ shrunk_by
    ) }} as mean_arr_gain,
    {{ share(
        'coalesce(cells.squares, 0) + ' ~ shrunk_by ~ ' * wholes.mean_square', 'coalesce(cells.n, 0) + ' ~ shrunk_by
    ) }} as mean_square
from asked
inner join wholes on asked.known_on = wholes.known_on
left join
    cells
    on asked.known_on = cells.known_on
    and wholes.window_days = cells.window_days
    and asked.tier = cells.tier
    and asked.size_band = cells.size_band
