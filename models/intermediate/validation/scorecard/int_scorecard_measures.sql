-- Precision, recall, the ratios of the four bases side by side and the false discovery rate, by trigger and period:
-- primary window, cohort all.
with

    cells as (select * from {{ ref('int_lift_cells') }} where is_primary and basis = 'all'),

    counts as (select * from {{ ref('int_index_event_counts') }} where cohort_type = 'all'),

    recalls as (select * from {{ ref('int_recall') }} where cohort_type = 'all'),

    estimates as (select * from {{ ref('int_lift_estimates') }} where is_primary and cohort_type = 'all'),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    limits as (select * from {{ ref('int_verdict_limits') }}),

    ratios as (
        select
            period_key,
            trigger_key,
            {%- for basis in matched_bases() + ['within'] %}
                max(case when basis = '{{ basis }}' then n_matched end) as {{ basis }}_matched,
                max(case when basis = '{{ basis }}' then risk_ratio end) as {{ basis }}_ratio,
                max(case when basis = '{{ basis }}' then risk_ratio_low end) as {{ basis }}_low,
                max(case when basis = '{{ basis }}' then risk_ratio_high end) as {{ basis }}_high,
                max(case when basis = '{{ basis }}' then risk_ratio_se end) as {{ basis }}_se,
            {%- endfor %}
            max(case when basis = 'all' then p_value end) as p_value,
            max(case when basis = 'all' then n_matched_expanded + n_controls_expanded end) as all_outcomes
        from estimates
        group by period_key, trigger_key
    ),

    -- One family of discoveries a period: the triggers with enough matched index events.
    family as (
        select estimates.period_key, estimates.trigger_key, triggers.trigger_id, estimates.p_value
        from estimates
        inner join triggers on estimates.trigger_key = triggers.trigger_key
        cross join limits
        where estimates.basis = 'all' and estimates.n_matched >= limits.min_index_events
    ),

    q_values as ({{ benjamini_hochberg('family', 'p_value', var('discovery_family', 'period_key')) }})

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
    {%- for basis in matched_bases() + ['within'] %}
        ratios.{{ basis }}_matched,
        ratios.{{ basis }}_ratio,
        ratios.{{ basis }}_low,
        ratios.{{ basis }}_high,
        ratios.{{ basis }}_se,
    {%- endfor %}
    ratios.p_value,
    q_values.q_value,
    ratios.all_outcomes,
    {{ share('ratios.all_matched - coalesce(ratios.untouched_matched, 0)', 'ratios.all_matched') }} as touched_share,
    coalesce(ratios.untouched_matched >= limits.untouched_min_index_events, false) as is_untouched_decisive
from cells
cross join limits
left join counts on cells.cell_key = counts.cell_key
left join
    recalls
    on cells.period_key = recalls.period_key
    and cells.trigger_key = recalls.trigger_key
    and cells.window_days = recalls.window_days
left join q_values on cells.period_key = q_values.period_key and cells.trigger_key = q_values.trigger_key
left join ratios on cells.period_key = ratios.period_key and cells.trigger_key = ratios.trigger_key
