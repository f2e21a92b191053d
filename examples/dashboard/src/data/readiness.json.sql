select
    readiness_rank,
    account_id,
    account_name,
    segment,
    tier,
    decile,
    probability_30d,
    probability_90d,
    cast(expected_arr_30d as double) as expected_arr_30d,
    cast(expected_arr_90d as double) as expected_arr_90d,
    driver_1,
    driver_2,
    driver_3,
    known_on,
    fitted_as_of,
    note
from account_readiness
order by readiness_rank
