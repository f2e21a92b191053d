with

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    periods as (select * from {{ ref('int_validation_periods') }}),

    in_stage as (
        select period_key, count(*) as in_stage_accounts from {{ ref('int_stage_periods') }} group by period_key
    ),

    joined as (
        select
            triggers.trigger_id,
            periods.period,
            periods.period_start,
            case when verdicts.verdict <> 'insufficient_data' then measures.all_low end as ranked_low,
            verdicts.verdict,
            verdicts.reason,
            verdicts.tuned_signal,
            verdicts.tuned_comparator,
            verdicts.tuned_from,
            verdicts.tuned_to,
            triggers.primary_window_days,
            triggers.benchmark_low,
            triggers.benchmark_high,
            in_stage.in_stage_accounts as accounts_in_stage,
            activity.*,
            medians.median_days,
            medians.median_days_among_expanders,
            measures.n_index,
            measures.n_open,
            measures.precision,
            measures.precision_low,
            measures.precision_high,
            measures.recall,
            measures.incremental_recall,
            measures.f0_5,
            measures.q_value,
            measures.p_value,
            measures.is_untouched_decisive,
            verdicts.detectable_ratio,
            {%- for basis in matched_bases() + ['within'] %}
                measures.{{ basis }}_matched,
                measures.{{ basis }}_ratio,
                measures.{{ basis }}_low,
                measures.{{ basis }}_high{{ ',' if not loop.last }}
            {%- endfor %}
        from triggers
        cross join periods
        inner join
            {{ ref('int_verdicts') }} as verdicts
            on triggers.trigger_key = verdicts.trigger_key
            and periods.period_key = verdicts.period_key
        left join in_stage on periods.period_key = in_stage.period_key
        left join
            {{ ref('int_scorecard_activity') }} as activity
            on triggers.trigger_key = activity.trigger_key
            and periods.period_key = activity.period_key
        left join
            {{ ref('int_time_to_expansion') }} as medians
            on triggers.trigger_key = medians.trigger_key
            and periods.period_key = medians.period_key
            and medians.days_since_trigger = 0
        left join
            {{ ref('int_scorecard_measures') }} as measures
            on triggers.trigger_key = measures.trigger_key
            and periods.period_key = measures.period_key
    ),

    ranked as (
        select
            joined.*,
            rank() over (
                partition by period order by case when ranked_low is null then 1 else 0 end, ranked_low desc
            ) as lift_rank,
            count(*) over (partition by period, ranked_low) as n_equals
        from joined
    )

select
    trigger_id,
    period,
    period_start,
    -- Without evidence, or with another's very limit, a place would be the alphabet's.
    cast(case when ranked_low is not null and n_equals = 1 then lift_rank end as integer) as rank,
    verdict,
    reason,
    tuned_signal,
    tuned_comparator,
    tuned_from,
    tuned_to,
    primary_window_days as window_days,
    cast(coalesce(firings, 0) as bigint) as firings,
    cast(coalesce(shadow_firings, 0) as bigint) as shadow_firings,
    cast(coalesce(held_out, 0) as bigint) as held_out,
    cast(coalesce(held_back_too_soon, 0) as bigint) as held_back_too_soon,
    cast(coalesce(held_back_too_many, 0) as bigint) as held_back_too_many,
    cast(coalesce(held_back_to_nobody, 0) as bigint) as held_back_to_nobody,
    cast(coalesce(accounts, 0) as bigint) as accounts,
    {{ share('coalesce(in_stage_accounts, 0)', 'accounts_in_stage') }} as coverage,
    cast(coalesce(delivered, 0) as bigint) as delivered,
    cast(coalesce(accepted, 0) as bigint) as accepted,
    cast(coalesce(meetings, 0) as bigint) as meetings,
    cast(coalesce(opportunities, 0) as bigint) as opportunities,
    {{ round_money('coalesce(pipeline, 0)') }} as pipeline,
    cast(coalesce(won, 0) as bigint) as won,
    cast(coalesce(attributed_expansions, 0) as bigint) as attributed_expansions,
    {{ round_money('coalesce(attributed_arr, 0)') }} as attributed_arr,
    {{ round_money('coalesce(play_cost, 0)') }} as play_cost,
    {{ share('coalesce(attributed_arr, 0) - play_cost', 'play_cost') }} as roi,
    median_days,
    median_days_among_expanders,
    cast(coalesce(n_index, 0) as bigint) as n_index,
    cast(coalesce(n_open, 0) as bigint) as n_open,
    precision,
    precision_low,
    precision_high,
    benchmark_low,
    benchmark_high,
    recall,
    incremental_recall,
    f0_5,
    cast(coalesce(all_matched, 0) as bigint) as n_matched,
    all_ratio as risk_ratio,
    all_low as risk_ratio_low,
    all_high as risk_ratio_high,
    p_value,
    q_value,
    {%- for basis in ['untouched', 'alone', 'within'] %}
        cast(coalesce({{ basis }}_matched, 0) as bigint) as n_{{ basis }},
        {{ basis }}_ratio,
        {{ basis }}_low,
        {{ basis }}_high,
    {%- endfor %}
    coalesce(is_untouched_decisive, false) as is_untouched_decisive,
    detectable_ratio
from ranked
