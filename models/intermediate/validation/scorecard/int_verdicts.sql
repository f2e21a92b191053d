-- The verdict of each trigger and period, with what it rests on in words.
with

    tests as (select * from {{ ref('int_verdict_tests') }}),

    sweeps as (select * from {{ ref('int_scorecard_sweep') }}),

    judged as (
        select
            tests.*,
            sweeps.signal,
            sweeps.comparator,
            sweeps.current_threshold,
            sweeps.recommended_threshold,
            sweeps.recommended_f0_5,
            sweeps.current_f0_5,
            sweeps.recommended_volume,
            case
                when tests.is_insufficient
                then 'insufficient_data'
                when tests.has_better_threshold
                then 'tune'
                when
                    tests.is_predictive
                    and tests.is_alone_too
                    and not tests.is_plays_own
                    and (tests.is_whole or tests.is_promotable_before)
                then 'promote'
                when tests.is_predictive
                then 'keep'
                when tests.is_surely_weak or tests.is_amply_weak
                then 'retire'
                else 'keep'
            end as verdict
        from tests
        left join sweeps on tests.trigger_key = sweeps.trigger_key
    ),

    worded as (
        select
            judged.*,
            {{ dbt.concat([
            "'lift '", ratio_text('decisive_ratio', 'decisive_low', 'decisive_high'),
            "case when q_value is null then ', no q' when q_value < 0.001 then ', q < 0.001' else "
            ~ dbt.concat(["', q '", number_text('q_value', 3)]) ~ " end",
            "', '", "cast(coalesce(decisive_matched, 0) as " ~ dbt.type_string() ~ ")",
            "case when is_untouched_decisive then ' untouched' else '' end", "' index events'",
            "case when not is_untouched_decisive and touched_share > 0 then ' (includes the play''s own effect)' else '' end",
        ]) }}
            as evidence
        from judged
    )

select
    period_key,
    trigger_key,
    verdict,
    case when verdict = 'tune' then signal end as tuned_signal,
    case when verdict = 'tune' then comparator end as tuned_comparator,
    case when verdict = 'tune' then current_threshold end as tuned_from,
    case when verdict = 'tune' then recommended_threshold end as tuned_to,
    detectable_ratio,
    is_untouched_decisive,
    case
        when coalesce(primary_window_days, 0) <= 0
        then 'no primary window: insufficient data'
        when is_insufficient
        then
            {{ dbt.concat([
            "cast(n_matched as " ~ dbt.type_string() ~ ")", "' complete, matched index events'",
            "case when has_no_outcome then ', nobody had the outcome on either side'"
            ~ " when n_matched > 0 and decisive_ratio is null and is_untouched_decisive then ', no ratio of the untouched ones'"
            ~ " when n_matched > 0 and decisive_ratio is null then ', no ratio' else '' end",
            "': insufficient data'",
        ]) }}
        when verdict = 'tune'
        then
            {{ dbt.concat([
            'signal', "' '", 'comparator', "' '", "trim(trailing '.' from trim(trailing '0' from " ~ number_text('recommended_threshold', 3) ~ "))",
            "' would raise F0.5 from '",
            number_text('current_f0_5', 2), "' to '", number_text('recommended_f0_5', 2), "' on '",
            "cast(recommended_volume as " ~ dbt.type_string() ~ ")", "' test events: tune'",
        ]) }}
        when verdict = 'promote'
        then {{ dbt.concat(['evidence', "': promote'"]) }}
        when is_predictive and is_plays_own
        then {{ dbt.concat(['evidence', "': keep, its play''s own effect cannot be told apart'"]) }}
        when is_predictive and not is_alone_too
        then
            {{ dbt.concat([
            'evidence', "': keep, redundant with '", "coalesce(other_trigger_id, 'other active triggers')", "' (alone '",
            ratio_text('alone_ratio', 'alone_low', 'alone_high'), "')'",
        ]) }}
        when is_predictive
        then {{ dbt.concat(['evidence', "': keep, to be promoted if the next month says the same'"]) }}
        when verdict = 'retire'
        then {{ dbt.concat(['evidence', "': retire'"]) }}
        when decisive_low is null or (decisive_low <= 1 and decisive_high >= 1)
        then
            {{ dbt.concat([
            'evidence', "': keep, inconclusive, could have seen a ratio of '",
            "coalesce(" ~ number_text('detectable_ratio') ~ ", 'any size')",
        ]) }}
        when not is_strong
        then {{ dbt.concat(['evidence', "': keep, too weak to promote'"]) }}
        when not is_significant
        then {{ dbt.concat(['evidence', "': keep, not significant among so many triggers'"]) }}
        else
            {{ dbt.concat([
            'evidence', "': keep, not seen within the same accounts: '",
            ratio_text('within_ratio', 'within_low', 'within_high'),
        ]) }}
    end as reason
from worded
