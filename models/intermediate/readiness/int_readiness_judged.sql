{{ config(materialized='view') }}

-- Foretold and come, a row each month's end, window and account whose window has closed; decile 1 is the most probable.
with

    scores as (select * from {{ ref('int_readiness_scores') }} where is_month_end and probability_30d is not null),

    outcomes as (select * from {{ ref('int_readiness_outcomes') }}),

    windows as (

        {% for days in readiness_windows() -%}
            select
                scores.known_on,
                {{ days }} as window_days,
                scores.account_id,
                scores.probability_{{ days }}d as probability,
                outcomes.has_expanded_{{ days }}d as has_expanded
            from scores
            inner join outcomes on scores.account_id = outcomes.account_id and scores.known_on = outcomes.known_on
            where
                scores.probability_{{ days }}d is not null and outcomes.has_expanded_{{ days }}d is not null
                {{ 'union all' if not loop.last }}
        {% endfor %}

    )

select
    known_on,
    window_days,
    account_id,
    probability,
    case when has_expanded then 1.0e0 else 0.0e0 end as outcome,
    ntile(10) over (partition by known_on, window_days order by round(probability, 9) desc, account_id) as decile
from windows
