-- How near the forecasts of a month came.
select month, sum(abs(expected_arr - actual_arr)) as absolute_error, sum(actual_arr) as actual_arr
from {{ ref('expansion_forecast') }}
where actual_arr is not null and expected_arr is not null
group by month
