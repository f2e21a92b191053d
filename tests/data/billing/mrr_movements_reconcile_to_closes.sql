-- Everything that ever moved, summed, is the MRR in force at the close of each month, by account and currency.
with

    clock as (select * from {{ ref('int_clock') }}),

    states as (select * from {{ ref('int_billing_item_spans') }} where closes_from < closes_until),

    movements as (select * from {{ ref('int_mrr_movements') }}),

    months as (

        select distinct
            least(cast({{ dbt.last_day('states.closes_from', 'month') }} as date), clock.last_closed_on) as close_on
        from states
        cross join clock

        union

        select last_closed_on as close_on
        from clock

    ),

    in_force as (

        select states.account_id, states.currency, months.close_on, sum(states.mrr) as mrr
        from months
        inner join states on months.close_on >= states.closes_from and months.close_on < states.closes_until
        group by states.account_id, states.currency, months.close_on

    ),

    moved as (

        select movements.account_id, movements.currency, months.close_on, sum(movements.mrr_delta_native) as mrr
        from months
        inner join movements on movements.movement_on <= months.close_on
        group by movements.account_id, movements.currency, months.close_on

    )

select account_id, currency, close_on, in_force.mrr as mrr_in_force, moved.mrr as mrr_moved
from in_force
full outer join moved using (account_id, currency, close_on)
where {{ round_money('coalesce(in_force.mrr, 0)') }} is distinct from {{ round_money('coalesce(moved.mrr, 0)') }}
