-- The ratios of the four bases of a trigger and period side by side: primary window, cohort all.
with

    estimates as (select * from {{ ref('int_lift_estimates') }} where is_primary and cohort_type = 'all'),

    sides as (
        select
            period_key,
            trigger_key,
            {%- for basis in ['all', 'untouched', 'alone', 'within'] %}
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
    )

select sides.*, coalesce(sides.untouched_matched >= limits.untouched_min_index_events, false) as is_untouched_decisive
from sides
cross join {{ ref('int_verdict_limits') }} as limits
