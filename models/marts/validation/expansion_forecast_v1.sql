with forecasts as (select * from {{ ref('int_expansion_forecast') }})

select
    month,
    trigger_id,
    cast(open_firings as bigint) as open_firings,
    precision,
    mean_arr_gain,
    expected_arr,
    actual_arr,
    cast(actual_arr - expected_arr as decimal(18, 2)) as error_arr
from forecasts
