-- Churns as spans: for any moment in [previous_churned_at, churned_at) the next one is this.
with

    churns as (
        select distinct accounts.account_key, movements.moved_at as churned_at
        from {{ ref('int_mrr_movements') }} as movements
        inner join {{ ref('int_validation_accounts') }} as accounts on movements.account_id = accounts.account_id
        where movements.movement_type = 'churn'
    )

select
    account_key,
    coalesce(
        lag(churned_at) over (partition by account_key order by churned_at), cast('1900-01-01 00:00:00' as timestamp)
    ) as previous_churned_at,
    churned_at
from churns
