-- By account and message group, the first firing that could have been held out: what the account was assigned to.
with

    firings as (select * from {{ ref('int_validation_firings') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    clock as (select * from {{ ref('int_clock') }}),

    ordered as (
        select
            firings.message_group,
            firings.account_key,
            firings.trigger_key,
            firings.triggered_at,
            firings.is_holdout,
            triggers.holdout_pct / 100.0e0 as holdout_share,
            triggers.primary_window_days,
            row_number() over (
                partition by firings.account_key, firings.message_group
                order by firings.triggered_at, triggers.priority, triggers.trigger_id
            ) as assignment_order
        from firings
        inner join triggers on firings.trigger_key = triggers.trigger_key
        where not firings.is_shadow and triggers.holdout_pct > 0
    ),

    gains as (
        select ordered.message_group, ordered.account_key, sum(outcomes.arr_delta) as arr_gain
        from ordered
        inner join
            {{ ref('int_validation_outcomes') }} as outcomes
            on ordered.trigger_key = outcomes.trigger_key
            and ordered.account_key = outcomes.account_key
            and ordered.triggered_at < outcomes.outcome_at
            and {{ move_by_days('ordered.triggered_at', 'ordered.primary_window_days') }} >= outcomes.outcome_at
        where ordered.assignment_order = 1
        group by ordered.message_group, ordered.account_key
    )

select
    ordered.message_group,
    ordered.account_key,
    ordered.trigger_key,
    ordered.triggered_at,
    ordered.is_holdout,
    ordered.holdout_share,
    coalesce(
        {{ move_by_days('ordered.triggered_at', 'ordered.primary_window_days') }} <= clock.as_of, false
    ) as is_complete,
    gains.account_key is not null as has_expanded,
    coalesce(gains.arr_gain, 0) as arr_gain
from ordered
cross join clock
left join gains on ordered.message_group = gains.message_group and ordered.account_key = gains.account_key
where ordered.assignment_order = 1
