with

    outcomes as (select * from {{ ref('int_assignment_outcomes') }}),

    sample_ratios as (select * from {{ ref('int_sample_ratios') }}),

    limits as (select * from {{ ref('int_verdict_limits') }}),

    message_groups as (
        select distinct message_group
        from {{ ref('int_validation_triggers') }}
        where holdout_pct > 0 and is_active
        union
        select message_group
        from sample_ratios
    ),

    arms as (
        select
            message_group,
            sum(case when not is_holdout then 1 else 0 end) as n_delivered,
            sum(case when not is_holdout and has_expanded then 1 else 0 end) as n_delivered_expanded,
            sum(case when is_holdout then 1 else 0 end) as n_held_out,
            sum(case when is_holdout and has_expanded then 1 else 0 end) as n_held_out_expanded,
            avg(case when not is_holdout then arr_gain * 1.0e0 end) as arr_per_delivered,
            avg(case when is_holdout then arr_gain * 1.0e0 end) as arr_per_held_out,
            var_samp(case when not is_holdout then arr_gain * 1.0e0 end) as arr_variance_delivered,
            var_samp(case when is_holdout then arr_gain * 1.0e0 end) as arr_variance_held_out
        from outcomes
        where is_complete
        group by message_group
    ),

    counted as (
        select
            message_groups.message_group,
            cast(coalesce(sample_ratios.n_assigned, 0) as bigint) as n_assigned,
            cast(coalesce(sample_ratios.n_assigned_held_out, 0) as bigint) as n_assigned_held_out,
            cast(coalesce(arms.n_delivered, 0) as bigint) as n_delivered,
            cast(coalesce(arms.n_delivered_expanded, 0) as bigint) as n_delivered_expanded,
            cast(coalesce(arms.n_held_out, 0) as bigint) as n_held_out,
            cast(coalesce(arms.n_held_out_expanded, 0) as bigint) as n_held_out_expanded,
            arms.arr_per_delivered,
            arms.arr_per_held_out,
            arms.arr_variance_delivered,
            arms.arr_variance_held_out,
            -- Of fewer accounts an arm a single large contract is the mean.
            coalesce(arms.n_delivered >= 10 and arms.n_held_out >= 10, false) as has_revenue,
            sample_ratios.sample_ratio_p,
            limits.sample_ratio_min_p
        from message_groups
        cross join limits
        left join arms on message_groups.message_group = arms.message_group
        left join sample_ratios on message_groups.message_group = sample_ratios.message_group
    ),

    compared as (
        select
            counted.*,
            case when has_revenue then arr_per_delivered - arr_per_held_out end as arr_difference,
            case
                when has_revenue
                then
                    {{ welch_half_width('arr_variance_delivered', 'n_delivered', 'arr_variance_held_out', 'n_held_out') }}
            end as arr_half_width
        from counted
    )

select
    message_group,
    n_assigned,
    n_assigned_held_out,
    n_delivered,
    n_delivered_expanded,
    n_held_out,
    n_held_out_expanded,
    {{ share('n_delivered_expanded', 'n_delivered') }} as delivered_rate,
    {{ wilson_low('n_delivered_expanded', 'n_delivered') }} as delivered_rate_low,
    {{ wilson_high('n_delivered_expanded', 'n_delivered') }} as delivered_rate_high,
    {{ share('n_held_out_expanded', 'n_held_out') }} as held_out_rate,
    {{ wilson_low('n_held_out_expanded', 'n_held_out') }} as held_out_rate_low,
    {{ wilson_high('n_held_out_expanded', 'n_held_out') }} as held_out_rate_high,
    {{ share('n_delivered_expanded', 'n_delivered') }}
    - {{ share('n_held_out_expanded', 'n_held_out') }} as rate_difference,
    {{ newcombe_low('n_delivered_expanded', 'n_delivered', 'n_held_out_expanded', 'n_held_out') }}
    as rate_difference_low,
    {{ newcombe_high('n_delivered_expanded', 'n_delivered', 'n_held_out_expanded', 'n_held_out') }}
    as rate_difference_high,
    arr_per_delivered,
    arr_per_held_out,
    arr_difference * n_delivered as incremental_arr,
    (arr_difference - arr_half_width) * n_delivered as incremental_arr_low,
    (arr_difference + arr_half_width) * n_delivered as incremental_arr_high,
    sample_ratio_p,
    coalesce(sample_ratio_p >= sample_ratio_min_p, false) as is_valid,
    case
        when n_assigned = 0
        then 'nobody assigned yet'
        when sample_ratio_p < sample_ratio_min_p
        then 'arms do not have the configured sizes: invalid'
        when n_delivered = 0 or n_held_out = 0
        then 'an arm is empty so far'
        when not has_revenue
        then 'fewer than 10 accounts in an arm: no revenue'
    end as note
from compared
