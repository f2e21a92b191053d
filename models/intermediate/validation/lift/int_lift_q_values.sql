-- False discovery rates: one family a period, the triggers with enough matched index events.
with

    estimates as (select * from {{ ref('int_lift_estimates') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    limits as (select * from {{ ref('int_verdict_limits') }}),

    family as (
        select
            estimates.period_key, estimates.trigger_key, estimates.window_days, triggers.trigger_id, estimates.p_value
        from estimates
        inner join triggers on estimates.trigger_key = triggers.trigger_key
        cross join limits
        where
            estimates.is_primary
            and estimates.basis = 'all'
            and estimates.cohort_type = 'all'
            and estimates.n_matched >= limits.min_index_events
    ),

    adjusted as ({{ benjamini_hochberg('family', 'p_value', var('discovery_family', 'period_key')) }})

select period_key, trigger_key, window_days, q_value
from adjusted
