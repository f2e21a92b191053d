with forecasts as (select * from {{ ref('int_readiness_forecast') }})

select
    month,
    segment,
    tier,
    cast(accounts as bigint) as accounts,
    expected_accounts,
    {{ round_money('expected_arr') }} as expected_arr,
    {{ round_money('expected_arr_low') }} as expected_arr_low,
    {{ round_money('expected_arr_high') }} as expected_arr_high,
    {{ round_money('actual_arr') }} as actual_arr,
    {{ round_money('actual_arr - expected_arr') }} as error_arr,
    note
from forecasts
