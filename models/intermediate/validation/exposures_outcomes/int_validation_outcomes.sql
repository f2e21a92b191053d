-- What counts as an outcome of a trigger, as spans: for any moment in [previous_outcome_at, outcome_at) the next is
-- this.
with

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    expansions as (
        select
            triggers.trigger_key,
            expansions.account_id,
            expansions.expanded_at as outcome_at,
            12 * cast(expansions.mrr_delta as double) as arr_delta
        from {{ ref('int_expansions') }} as expansions
        inner join
            triggers on not triggers.is_risk and {{ in_list('expansions.expansion_type', 'triggers.expansion_types') }}
    ),

    losses as (
        select
            triggers.trigger_key,
            movements.account_id,
            movements.moved_at as outcome_at,
            12 * cast(movements.mrr_delta as double) as arr_delta
        from {{ ref('int_mrr_movements') }} as movements
        inner join triggers on triggers.is_risk
        where movements.movement_type in ('contraction', 'churn')
    ),

    outcomes as (
        select
            claimed.trigger_key,
            accounts.account_key,
            claimed.outcome_at,
            count(*) as n_outcomes,
            sum(claimed.arr_delta) as arr_delta
        from
            (
                select *
                from expansions
                union all
                select *
                from losses
            ) as claimed
        inner join accounts on claimed.account_id = accounts.account_id
        group by claimed.trigger_key, accounts.account_key, claimed.outcome_at
    )

select
    trigger_key,
    account_key,
    coalesce(
        lag(outcome_at) over (partition by trigger_key, account_key order by outcome_at),
        cast('1900-01-01 00:00:00' as timestamp)
    ) as previous_outcome_at,
    outcome_at,
    n_outcomes,
    arr_delta,
    sum(arr_delta) over (
        partition by trigger_key, account_key order by outcome_at rows between unbounded preceding and current row
    ) as arr_so_far
from outcomes
