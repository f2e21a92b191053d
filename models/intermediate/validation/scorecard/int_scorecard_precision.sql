-- Precision and recall of a trigger and period: primary window, cohort all, with the false discovery rate of its lift.
with

    cells as (select * from {{ ref('int_lift_cells') }} where is_primary and basis = 'all'),

    counts as (select * from {{ ref('int_index_event_counts') }} where cohort_type = 'all'),

    recalls as (select * from {{ ref('int_recall') }} where cohort_type = 'all'),

    q_values as (select * from {{ ref('int_lift_q_values') }})

select
    cells.period_key,
    cells.trigger_key,
    cells.window_days,
    counts.n_index,
    counts.n_open,
    counts.n_index_expanded,
    {{ share('counts.n_index_expanded', 'counts.n_index') }} as precision,
    {{ wilson_low('counts.n_index_expanded', 'counts.n_index') }} as precision_low,
    {{ wilson_high('counts.n_index_expanded', 'counts.n_index') }} as precision_high,
    {{ share('recalls.n_recalled', 'recalls.n_claimed') }} as recall,
    {{ wilson_low('recalls.n_recalled', 'recalls.n_claimed') }} as recall_low,
    {{ wilson_high('recalls.n_recalled', 'recalls.n_claimed') }} as recall_high,
    {{ share('recalls.n_incremental', 'recalls.n_claimed') }} as incremental_recall,
    {{ f_score('counts.n_index_expanded', 'counts.n_index', 'recalls.n_recalled', 'recalls.n_claimed', 0.5) }} as f0_5,
    q_values.q_value
from cells
left join counts on cells.cell_key = counts.cell_key
left join
    recalls
    on cells.period_key = recalls.period_key
    and cells.trigger_key = recalls.trigger_key
    and cells.window_days = recalls.window_days
left join
    q_values
    on cells.period_key = q_values.period_key
    and cells.trigger_key = q_values.trigger_key
    and cells.window_days = q_values.window_days
