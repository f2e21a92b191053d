select
    decile,
    accounts,
    expanded,
    predicted,
    observed,
    observed_low,
    observed_high,
    auc,
    first_decile_lift
from readiness_calibration
where period = 'all' and window_days = 30
order by decile
