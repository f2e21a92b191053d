with

    scores as (select * from {{ ref('int_readiness_scores') }} where is_month_end),

    outcomes as (select * from {{ ref('int_readiness_outcomes') }})

select
    scores.known_on,
    scores.account_id,
    scores.tier,
    scores.segment,
    {%- for days in readiness_windows() %}
        scores.probability_{{ days }}d,
        {{ round_money('scores.expected_arr_' ~ days ~ 'd') }} as expected_arr_{{ days }}d,
        outcomes.has_expanded_{{ days }}d,
        {{ round_money('outcomes.arr_gain_' ~ days ~ 'd') }} as arr_gain_{{ days }}d,
    {%- endfor %}
    cast(scores.readiness_rank as integer) as readiness_rank,
    cast(scores.decile as integer) as decile,
    scores.fitted_as_of,
    scores.note
from scores
inner join outcomes on scores.account_id = outcomes.account_id and scores.known_on = outcomes.known_on
