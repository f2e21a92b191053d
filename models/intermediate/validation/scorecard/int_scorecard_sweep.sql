-- The recommended threshold of a trigger that gains most on the test part, where it gains enough on enough test events
-- and surely predicts there: the F0.5 of a useless trigger rises with recall alone. Surely, since the controls are few
-- where the threshold in force has few index events: the difference of the two rates lies above 0 with its interval.
with

    scores as (select * from {{ ref('int_sweep_scores') }} where part = 'test'),

    limits as (select * from {{ ref('int_verdict_limits') }}),

    compared as (
        select
            currents.trigger_key,
            conditions.signal,
            conditions.comparator,
            currents.threshold as current_threshold,
            currents.f0_5 as current_f0_5,
            recommended.threshold as recommended_threshold,
            recommended.f0_5 as recommended_f0_5,
            recommended.volume as recommended_volume,
            row_number() over (
                partition by currents.trigger_key
                order by recommended.f0_5 * 1.0e0 / nullif(currents.f0_5, 0) desc nulls last, conditions.condition_key
            ) as gain_rank
        from scores as currents
        inner join scores as recommended on currents.condition_key = recommended.condition_key
        inner join {{ ref('int_sweep_conditions') }} as conditions on currents.condition_key = conditions.condition_key
        inner join {{ ref('int_sweep_splits') }} as splits on currents.trigger_key = splits.trigger_key
        cross join limits
        where
            currents.is_current
            and recommended.is_recommended
            and not recommended.is_current
            and recommended.volume >= limits.tune_min_test_events
            and {{ newcombe_low(
                'recommended.n_expanded', 'recommended.volume', 'splits.test_controls_expanded', 'splits.test_controls'
            ) }} > 0
            -- Nine decimals: a difference of two doubles may be a hair beside the limit.
            and round(recommended.f0_5 - (1 + limits.tune_min_gain) * currents.f0_5, 9) >= 0
            and round(recommended.f0_5 - currents.f0_5, 9) >= limits.tune_min_difference
    )

select
    trigger_key,
    signal,
    comparator,
    current_threshold,
    current_f0_5,
    recommended_threshold,
    recommended_f0_5,
    recommended_volume
from compared
where gain_rank = 1
