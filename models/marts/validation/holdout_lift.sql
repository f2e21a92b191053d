with

    assignments as (select * from {{ ref('int_first_assignments') }}),

    limits as (select * from {{ ref('int_verdict_limits') }}),

    message_groups as (
        select distinct message_group
        from {{ ref('int_validation_triggers') }}
        where holdout_pct > 0 and is_active
        union
        select message_group
        from assignments
    ),

    arms as (
        select
            message_group,
            count(*) as n_assigned,
            sum(case when is_holdout then 1 else 0 end) as n_assigned_held_out,
            sum(holdout_share) as expected_held_out,
            sum(holdout_share * (1 - holdout_share)) as variance_held_out,
            sum(case when is_complete and not is_holdout then 1 else 0 end) as n_delivered,
            sum(case when is_complete and not is_holdout and has_expanded then 1 else 0 end) as n_delivered_expanded,
            sum(case when is_complete and is_holdout then 1 else 0 end) as n_held_out,
            sum(case when is_complete and is_holdout and has_expanded then 1 else 0 end) as n_held_out_expanded,
            sum(case when is_complete and not is_holdout then arr_gain end) as arr_delivered,
            sum(case when is_complete and is_holdout then arr_gain end) as arr_held_out
        from assignments
        group by message_group
    ),

    counted as (
        select
            message_groups.message_group,
            cast(coalesce(arms.n_assigned, 0) as bigint) as n_assigned,
            cast(coalesce(arms.n_assigned_held_out, 0) as bigint) as n_assigned_held_out,
            cast(coalesce(arms.n_delivered, 0) as bigint) as n_delivered,
            cast(coalesce(arms.n_delivered_expanded, 0) as bigint) as n_delivered_expanded,
            cast(coalesce(arms.n_held_out, 0) as bigint) as n_held_out,
            cast(coalesce(arms.n_held_out_expanded, 0) as bigint) as n_held_out_expanded,
            {{ share('arms.arr_delivered', 'arms.n_delivered') }} as arr_per_delivered,
            {{ share('arms.arr_held_out', 'arms.n_held_out') }} as arr_per_held_out,
            case
                when arms.variance_held_out > 0
                then (arms.n_assigned_held_out - arms.expected_held_out) * 1.0e0 / sqrt(arms.variance_held_out)
            end as sample_ratio_z,
            limits.sample_ratio_min_p
        from message_groups
        cross join limits
        left join arms on message_groups.message_group = arms.message_group
    ),

    tested as (select counted.*, {{ normal_two_sided_p('sample_ratio_z') }} as sample_ratio_p from counted)

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
    (arr_per_delivered - arr_per_held_out) * n_delivered as incremental_arr,
    sample_ratio_p,
    coalesce(sample_ratio_p >= sample_ratio_min_p, false) as is_valid,
    case
        when n_assigned = 0
        then 'nobody assigned yet'
        when sample_ratio_p < sample_ratio_min_p
        then 'arms do not have the configured sizes: invalid'
        when n_delivered = 0 or n_held_out = 0
        then 'an arm is empty so far'
    end as note
from tested
