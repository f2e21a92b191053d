-- Days until half of the index events have expanded, and until half of those that do have.
with curves as (select * from {{ ref('int_time_to_expansion') }})

select
    period_key,
    trigger_key,
    min(case when cumulative_incidence >= 0.5 - 1e-12 then days_since_trigger end) as median_days,
    min(
        case when expanded_in_all > 0 and 2 * expanded_so_far >= expanded_in_all then days_since_trigger end
    ) as median_days_among_expanders
from curves
group by period_key, trigger_key
