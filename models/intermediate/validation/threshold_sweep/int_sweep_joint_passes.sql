-- Of triggers with several conditions: days on which all conditions but this one hold as they are in force.
with

    ladders as (select * from {{ ref('int_sweep_ladders') }}),

    passes as (
        select
            ladders.trigger_key,
            ladders.condition_key,
            ladders.n_conditions,
            passes.account_key,
            passes.signal_on,
            passes.passed,
            passes.passed >= ladders.current_level as holds
        from {{ ref('int_sweep_passes') }} as passes
        inner join ladders on passes.condition_key = ladders.condition_key
    ),

    others as (select trigger_key, condition_key, account_key, signal_on from passes where holds)

select passes.condition_key, passes.account_key, passes.signal_on, passes.passed
from passes
inner join
    others
    on passes.trigger_key = others.trigger_key
    and passes.account_key = others.account_key
    and passes.signal_on = others.signal_on
    and passes.condition_key <> others.condition_key
group by passes.condition_key, passes.account_key, passes.signal_on, passes.passed
having count(*) = max(passes.n_conditions) - 1
