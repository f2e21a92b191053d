-- The ended calendar months.
select
    period_start as month,
    cast(period_start as timestamp) as starts_at,
    known_at as ends_at,
    row_number() over (order by period_start desc) = 1 as is_newest
from {{ ref('int_validation_periods') }}
where not is_whole
