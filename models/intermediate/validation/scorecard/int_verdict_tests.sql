-- The tests that a verdict is made of, by trigger and period. The deciding ratio is the untouched one where enough
-- index events stand behind it. Beside them the active trigger that most often came before this one's index events.
with

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    periods as (select * from {{ ref('int_validation_periods') }}),

    measures as (select * from {{ ref('int_scorecard_measures') }}),

    sweeps as (select * from {{ ref('int_scorecard_sweep') }}),

    limits as (select * from {{ ref('int_verdict_limits') }}),

    preceded as (
        select periods.period_key, pairs.trigger_key, others.trigger_id as other_trigger_id, count(*) as n_preceded
        from {{ ref('int_index_event_pairs') }} as pairs
        inner join triggers as others on pairs.other_trigger_key = others.trigger_key
        inner join periods on pairs.triggered_at > periods.known_after and pairs.window_ends_at <= periods.known_at
        where pairs.is_preceded = 1 and others.is_active
        group by periods.period_key, pairs.trigger_key, others.trigger_id
    ),

    redundancies as (
        select
            preceded.*,
            row_number() over (
                partition by period_key, trigger_key order by n_preceded desc, other_trigger_id
            ) as precedence
        from preceded
    ),

    decided as (
        select
            periods.period_key,
            periods.is_whole,
            periods.period_start,
            triggers.trigger_key,
            triggers.primary_window_days,
            coalesce(measures.all_matched, 0) as n_matched,
            coalesce(measures.all_outcomes = 0, false) as has_no_outcome,
            measures.q_value,
            coalesce(measures.is_untouched_decisive, false) as is_untouched_decisive,
            measures.touched_share,
            case
                when measures.is_untouched_decisive then measures.untouched_matched else measures.all_matched
            end as decisive_matched,
            case
                when measures.is_untouched_decisive then measures.untouched_ratio else measures.all_ratio
            end as decisive_ratio,
            case
                when measures.is_untouched_decisive then measures.untouched_low else measures.all_low
            end as decisive_low,
            case
                when measures.is_untouched_decisive then measures.untouched_high else measures.all_high
            end as decisive_high,
            case when measures.is_untouched_decisive then measures.untouched_se else measures.all_se end as decisive_se,
            measures.within_ratio,
            measures.within_low,
            measures.within_high,
            measures.alone_ratio,
            measures.alone_low,
            measures.alone_high,
            redundancies.other_trigger_id,
            sweeps.trigger_key is not null and periods.is_whole as has_better_threshold
        from triggers
        cross join periods
        left join measures on triggers.trigger_key = measures.trigger_key and periods.period_key = measures.period_key
        left join sweeps on triggers.trigger_key = sweeps.trigger_key
        left join
            redundancies
            on triggers.trigger_key = redundancies.trigger_key
            and periods.period_key = redundancies.period_key
            and redundancies.precedence = 1
    ),

    tested as (
        select
            decided.*,
            n_matched < limits.min_index_events
            or coalesce(primary_window_days, 0) <= 0
            or decisive_ratio is null as is_insufficient,
            coalesce(q_value < limits.promote_max_q, false) as is_significant,
            coalesce(decisive_low >= limits.promote_min_low, false) as is_strong,
            coalesce(within_low > limits.within_min_low, false) as is_within_account,
            coalesce(alone_low > limits.alone_min_low, false) as is_alone_too,
            not is_untouched_decisive and coalesce(touched_share > limits.max_touched_share, false) as is_plays_own,
            coalesce(decisive_high < limits.retire_max_high, false) as is_surely_weak,
            coalesce(
                decisive_matched >= limits.retire_min_index_events and decisive_ratio < limits.retire_max_ratio, false
            ) as is_amply_weak,
            exp(({{ normal_975() }} + limits.power_quantile) * decisive_se) as detectable_ratio
        from decided
        cross join limits
    )

select
    tested.*,
    not is_insufficient and is_significant and is_strong and is_within_account as is_predictive,
    coalesce(
        lag(
            not is_insufficient
            and is_significant
            and is_strong
            and is_within_account
            and is_alone_too
            and not is_plays_own
        ) over (partition by trigger_key, is_whole order by period_start),
        false
    ) as is_promotable_before
from tested
