-- Of triggers with several conditions: days on which all conditions but this one hold as they are in force.
with

ladders as (
    select * from {{ ref('int_sweep_ladders') }}
),

passes as (
    select
        ladders.trigger_key,
        ladders.condition_key,
        ladders.n_conditions,
        passes.account_key,
        passes.signal_on,
        passes.passed,
        case when passes.passed >= ladders.current_level then 1 else 0 end as holds
    from {{ ref('int_sweep_passes') }} as passes
    inner join ladders on passes.condition_key = ladders.condition_key
),

held as (
    select
        trigger_key,
        account_key,
        signal_on,
        sum(holds) as n_held
    from passes
    group by trigger_key, account_key, signal_on
)

select
    passes.condition_key,
    passes.account_key,
    passes.signal_on,
    passes.passed
from passes
inner join held
    on passes.trigger_key = held.trigger_key
    and passes.account_key = held.account_key
    and passes.signal_on = held.signal_on
where held.n_held - passes.holds = passes.n_conditions - 1
