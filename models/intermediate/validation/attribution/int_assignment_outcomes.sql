-- What became of each assigned account within its window, of the kind that the trigger claims: gains, or losses.
with

    assignments as (select * from {{ ref('int_first_assignments') }}),

    changes as (
        select
            account_id,
            expanded_at as changed_at,
            expansion_type as change_type,
            12 * cast(mrr_delta as double) as arr_delta,
            false as is_loss
        from {{ ref('int_expansions') }}

        union all

        select
            account_id,
            moved_at as changed_at,
            movement_type as change_type,
            12 * cast(mrr_delta as double) as arr_delta,
            true as is_loss
        from {{ ref('int_mrr_movements') }}
        where movement_type in ('contraction', 'churn')
    ),

    gains as (
        select assignments.message_group, assignments.account_key, sum(changes.arr_delta) as arr_gain
        from assignments
        inner join
            changes
            on assignments.account_id = changes.account_id
            and assignments.is_risk = changes.is_loss
            and changes.changed_at > assignments.triggered_at
            and changes.changed_at <= assignments.window_ends_at
        where changes.is_loss or {{ in_list('changes.change_type', 'assignments.expansion_types') }}
        group by assignments.message_group, assignments.account_key
    )

select
    assignments.message_group,
    assignments.account_key,
    assignments.is_holdout,
    assignments.is_complete,
    gains.account_key is not null as has_expanded,
    coalesce(gains.arr_gain, 0) as arr_gain
from assignments
left join gains on assignments.message_group = gains.message_group and assignments.account_key = gains.account_key
