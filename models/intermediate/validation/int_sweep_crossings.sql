-- Days on which an account comes to pass a threshold or passes it for the last time: the ends of the runs at every level.
with

single as (
    select condition_key from {{ ref('int_sweep_ladders') }}
    where n_conditions = 1
),

passes as (
    select passes.*
    from {{ ref('int_sweep_passes') }} as passes
    inner join single on passes.condition_key = single.condition_key

    union all

    select * from {{ ref('int_sweep_joint_passes') }}
),

neighbours as (
    select
        condition_key,
        account_key,
        signal_on,
        passed,
        lag(signal_on) over by_day as day_before,
        lag(passed) over by_day as passed_before,
        lead(signal_on) over by_day as day_after,
        lead(passed) over by_day as passed_after
    from passes
    window by_day as (partition by condition_key, account_key order by signal_on)
),

compared as (
    select
        condition_key,
        account_key,
        signal_on,
        passed,
        case when day_before = {{ add_days('signal_on', -1) }} then passed_before else 0 end as passed_before,
        case when day_after = {{ add_days('signal_on', 1) }} then passed_after else 0 end as passed_after
    from neighbours
)

select
    condition_key,
    account_key,
    signal_on,
    passed,
    passed_before,
    passed_after
from compared
where passed > passed_before or passed > passed_after
