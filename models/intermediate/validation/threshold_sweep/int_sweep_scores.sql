-- Precision, recall and F of every threshold and part.
with

    parts as (
        select 'train' as part
        union all
        select 'test' as part
    ),

    cells as (
        select
            levels.condition_key,
            levels.trigger_key,
            levels.level,
            levels.threshold,
            levels.is_current,
            parts.part,
            splits.control_rate,
            coalesce(precisions.volume, 0) as volume,
            coalesce(precisions.n_expanded, 0) as n_expanded,
            recalls.n_recalled,
            recalls.n_claimed
        from {{ ref('int_sweep_thresholds') }} as levels
        inner join {{ ref('int_sweep_conditions') }} as conditions on levels.condition_key = conditions.condition_key
        cross join parts
        left join {{ ref('int_sweep_splits') }} as splits on levels.trigger_key = splits.trigger_key
        left join
            {{ ref('int_sweep_precision') }} as precisions
            on levels.condition_key = precisions.condition_key
            and levels.level = precisions.level
            and parts.part = precisions.part
        left join
            {{ ref('int_sweep_recall') }} as recalls
            on levels.condition_key = recalls.condition_key
            and levels.level = recalls.level
            and parts.part = recalls.part
        where conditions.is_swept
    )

select
    condition_key,
    trigger_key,
    level,
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
