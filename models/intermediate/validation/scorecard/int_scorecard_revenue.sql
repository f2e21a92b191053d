-- Expansion revenue a year that is attributed to a trigger's firings, by the period it came in.
with

    expansions as (select * from {{ ref('int_attributed_expansions') }} where firing_id is not null),

    periods as (select * from {{ ref('int_validation_periods') }})

select
    periods.period_key,
    expansions.trigger_key,
    count(*) as attributed_expansions,
    sum(expansions.arr_delta) as attributed_arr
from expansions
inner join periods on expansions.expanded_at > periods.known_from and expansions.expanded_at <= periods.known_at
group by periods.period_key, expansions.trigger_key
