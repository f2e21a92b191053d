-- Everything that ever moved, summed, is the MRR in force at the close of each month, by account and currency.
with

    clock as (select * from {{ ref('int_clock') }}),

    states as (select * from {{ ref('int_billing_line_states') }} where first_close_on <= last_close_on),

    movements as (select * from {{ ref('int_mrr_movements') }}),

    months as (

        select distinct
            least(cast({{ dbt.last_day('states.first_close_on', 'month') }} as date), clock.last_closed_on) as close_on
        from states
        cross join clock

        union

        select last_closed_on as close_on
        from clock

    ),

    in_force as (

        select states.account_id, states.currency, months.close_on, sum(states.mrr) as mrr
        from months
        inner join states on months.close_on between states.first_close_on and states.last_close_on
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
