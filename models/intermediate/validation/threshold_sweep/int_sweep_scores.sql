-- Precision, recall and F of every threshold and part, and the threshold to recommend: the best F0.5 on the train
-- part among those whose precision surely exceeds the control rate, of equals the one nearest to that in force.
with

    parts as (
        select 'train' as part
        union all
        select 'test' as part
    ),

    cells as (
        select
            thresholds.condition_key,
            thresholds.trigger_key,
            thresholds.threshold_rank,
            thresholds.threshold,
            thresholds.is_current,
            parts.part,
            case
                parts.part when 'train' then splits.train_control_rate else splits.test_control_rate
            end as control_rate,
            coalesce(precisions.volume, 0) as volume,
            coalesce(precisions.n_expanded, 0) as n_expanded,
            recalls.n_recalled,
            recalls.n_claimed
        from {{ ref('int_sweep_thresholds') }} as thresholds
        inner join
            {{ ref('int_sweep_conditions') }} as conditions on thresholds.condition_key = conditions.condition_key
        cross join parts
        left join {{ ref('int_sweep_splits') }} as splits on thresholds.trigger_key = splits.trigger_key
        left join
            {{ ref('int_sweep_precision') }} as precisions
            on thresholds.condition_key = precisions.condition_key
            and thresholds.threshold_rank = precisions.threshold_rank
            and parts.part = precisions.part
        left join
            {{ ref('int_sweep_recall') }} as recalls
            on thresholds.condition_key = recalls.condition_key
            and thresholds.threshold_rank = recalls.threshold_rank
            and parts.part = recalls.part
        where conditions.is_swept
    ),

    scores as (
        select
            condition_key,
            trigger_key,
            threshold_rank,
            threshold,
            is_current,
            part,
            control_rate,
            cast(volume as bigint) as volume,
            cast(n_expanded as bigint) as n_expanded,
            {{ share('n_expanded', 'volume') }} as precision,
            {{ wilson_low('n_expanded', 'volume') }} as precision_low,
            {{ wilson_high('n_expanded', 'volume') }} as precision_high,
            {{ share('n_recalled', 'n_claimed') }} as recall,
            {{ f_score('n_expanded', 'volume', 'n_recalled', 'n_claimed', 1.0) }} as f1,
            {{ f_score('n_expanded', 'volume', 'n_recalled', 'n_claimed', 0.5) }} as f0_5
        from cells
    ),

    currents as (
        select condition_key, max(threshold_rank) as threshold_rank from scores where is_current group by condition_key
    ),

    ranked as (
        select
            scores.condition_key,
            scores.threshold_rank,
            row_number() over (
                partition by scores.condition_key
                order by scores.f0_5 desc, abs(scores.threshold_rank - currents.threshold_rank), scores.threshold_rank
            ) as recommendation_rank
        from scores
        inner join currents on scores.condition_key = currents.condition_key
        where scores.part = 'train' and scores.f0_5 is not null and scores.precision_low > scores.control_rate
    )

select scores.*, ranked.threshold_rank is not null as is_recommended
from scores
left join
    ranked
    on scores.condition_key = ranked.condition_key
    and scores.threshold_rank = ranked.threshold_rank
    and ranked.recommendation_rank = 1
