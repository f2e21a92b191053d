-- The episodes that every threshold would have given, with the end of the one before.
with

    crossings as (select * from {{ ref('int_sweep_crossings') }}),

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    levels as (select * from {{ ref('int_sweep_thresholds') }}),

    ends as (
        select
            crossings.condition_key,
            levels.level,
            crossings.account_key,
            crossings.signal_on,
            crossings.passed_before < levels.level as is_start,
            crossings.passed_after < levels.level as is_end
        from crossings
        inner join
            levels
            on crossings.condition_key = levels.condition_key
            and crossings.passed >= levels.level
            and (crossings.passed_before < levels.level or crossings.passed_after < levels.level)
    ),

    runs as (
        select
            condition_key,
            level,
            account_key,
            is_start,
            signal_on as first_on,
            case
                when is_end
                then signal_on
                else lead(signal_on) over (partition by condition_key, level, account_key order by signal_on)
            end as last_on
        from ends
    ),

    episodes as (
        select
            runs.condition_key,
            runs.level,
            runs.account_key,
            {{ add_days('runs.first_on', 'conditions.for_days - 1') }} as started_on,
            runs.last_on as ended_on
        from runs
        inner join conditions on runs.condition_key = conditions.condition_key
        where runs.is_start and {{ add_days('runs.first_on', 'conditions.for_days - 1') }} <= runs.last_on
    )

select
    condition_key,
    level,
    account_key,
    started_on,
    lag(ended_on) over (partition by condition_key, level, account_key order by started_on) as ended_before_on
from episodes
