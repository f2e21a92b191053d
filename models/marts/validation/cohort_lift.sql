with cells as (select * from {{ ref('int_cohort_lift_cells') }})

select
    trigger_id,
    window_days,
    cohort_type,
    cohort,
    basis,
    is_primary_window,
    n_index,
    n_open,
    n_matched,
    n_index - n_matched as n_unmatched,
    n_controls,
    n_control_accounts,
    {{ share('n_matched_expanded', 'n_matched') }} as exposed_rate,
    {{ wilson_low('n_matched_expanded', 'n_matched') }} as exposed_rate_low,
    {{ wilson_high('n_matched_expanded', 'n_matched') }} as exposed_rate_high,
    {{ share('n_controls_expanded', 'n_controls') }} as control_rate,
    {{ wilson_low('n_controls_expanded', 'n_controls') }} as control_rate_low,
    {{ wilson_high('n_controls_expanded', 'n_controls') }} as control_rate_high,
    risk_difference,
    risk_ratio,
    risk_ratio_low,
    risk_ratio_high,
    risk_ratio_se,
    risk_ratio_se_greenland_robins,
    p_value,
    q_value,
    {{ share('n_index_expanded', 'n_index') }} as precision,
    {{ wilson_low('n_index_expanded', 'n_index') }} as precision_low,
    {{ wilson_high('n_index_expanded', 'n_index') }} as precision_high,
    {{ share('n_recalled', 'n_claimed') }} as recall,
    {{ wilson_low('n_recalled', 'n_claimed') }} as recall_low,
    {{ wilson_high('n_recalled', 'n_claimed') }} as recall_high,
    {{ share('n_incremental', 'n_claimed') }} as incremental_recall,
    {{ f_score('n_index_expanded', 'n_index', 'n_recalled', 'n_claimed', 1.0) }} as f1,
    {{ f_score('n_index_expanded', 'n_index', 'n_recalled', 'n_claimed', 0.5) }} as f0_5,
    case
        when n_index = 0 and n_open > 0
        then 'every window is still open'
        when n_index = 0
        then 'no index event'
        when n_matched = 0
        then 'no index event has a control'
        when r = 0 and s = 0
        then 'nobody had the outcome, on either side'
        when s = 0
        then 'no control had the outcome: no ratio'
        when r = 0
        then 'no index event had the outcome: no ratio'
        when n_matched_expanded + n_controls_expanded < 3
        then 'fewer than 3 outcomes: no interval'
        when risk_ratio_low is null
        then 'too few accounts for an interval'
    end as note
from cells
