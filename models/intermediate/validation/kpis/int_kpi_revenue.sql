-- Expansions of a month: how many had a firing, what they brought, how long after the firing they came.
with

    months as (select * from {{ ref('int_kpi_months') }}),

    expansions as (select * from {{ ref('int_attributed_expansions') }})

select
    months.month,
    count(*) as expansions,
    sum(case when expansions.has_firing then 1 else 0 end) as expansions_with_firing,
    sum(expansions.arr_delta) as expansion_arr,
    sum(case when expansions.firing_id is not null then expansions.arr_delta else 0 end) as attributed_arr,
    median(
        {{ dbt.datediff('expansions.triggered_at', 'expansions.expanded_at', 'second') }} / 86400.0
    ) as median_days_to_expansion
from months
inner join expansions on expansions.expanded_at >= months.starts_at and expansions.expanded_at < months.ends_at
group by months.month
