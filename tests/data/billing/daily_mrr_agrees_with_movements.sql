-- Two ways to one number: the day's MRR, and what the day's movements say it came to.
with

    movements as (select distinct account_id, movement_on, mrr_after from {{ ref('int_mrr_movements') }}),

    daily as (select * from {{ ref('int_account_billing_daily') }})

select movements.account_id, movements.movement_on, movements.mrr_after, daily.mrr
from movements
left join daily on movements.account_id = daily.account_id and movements.movement_on = daily.signal_on
where {{ round_money('movements.mrr_after') }} is distinct from {{ round_money('coalesce(daily.mrr, 0)') }}
