-- Where each trigger's observed time is split, and the control rate of either part.
with

    clock as (select * from {{ ref('int_clock') }}),

    limits as (select * from {{ ref('int_verdict_limits') }}),

    splits as (
        select
            triggers.trigger_key,
            triggers.primary_window_days as window_days,
            triggers.first_observed_on,
            clock.as_of,
            cast(
                {{ add_days(
            'triggers.first_observed_on',
            'floor(limits.sweep_train_share * ' ~ days_between('triggers.first_observed_on', 'cast(clock.as_of as date)') ~ ')'
        ) }}
                as timestamp
            ) as split_at
        from {{ ref('int_validation_triggers') }} as triggers
        cross join clock
        cross join limits
        where triggers.primary_window_days > 0
    ),

    placed as (
        select
            sets.trigger_key,
            case when controls.has_outcome then 1.0e0 else 0.0e0 end as had_outcome,
            {{ move_by_days('cast(sets.moment_on as timestamp)', 'splits.window_days') }}
            <= splits.split_at as is_in_train,
            cast(sets.moment_on as timestamp) >= splits.split_at as is_in_test
        from {{ ref('int_risk_set_controls') }} as controls
        inner join {{ ref('int_risk_sets') }} as sets on controls.set_key = sets.set_key
        inner join splits on sets.trigger_key = splits.trigger_key
        where sets.is_primary
    ),

    controls as (
        select
            trigger_key,
            avg(case when is_in_train then had_outcome end) as train_control_rate,
            avg(case when is_in_test then had_outcome end) as test_control_rate,
            sum(case when is_in_test then 1 else 0 end) as test_controls,
            sum(case when is_in_test then had_outcome else 0 end) as test_controls_expanded
        from placed
        group by trigger_key
    )

select
    splits.trigger_key,
    splits.window_days,
    splits.first_observed_on,
    splits.as_of,
    splits.split_at,
    controls.train_control_rate,
    controls.test_control_rate,
    controls.test_controls,
    controls.test_controls_expanded
from splits
left join controls on splits.trigger_key = controls.trigger_key
