-- The episodes that every threshold would have given, with the end of the one before.
with

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    conditions as (select * from {{ ref('int_sweep_conditions') }}),

    thresholds as (select * from {{ ref('int_sweep_thresholds') }}),

    ranges as (select * from {{ ref('int_sweep_threshold_ranges') }} where n_conditions = 1),

    -- Days on which an account comes to pass a threshold or passes it for the last time.
    crossings as (
        {{ thresholds_passed(
            ref('int_account_signals_daily'), 'ranges', 'accounts', numeric_signals(), ends_only=true
        ) | indent(8) }}
        union all
        {{ run_ends('select * from ' ~ ref('int_sweep_joint_passes')) | indent(8) }}
    ),

    ends as (
        select
            crossings.condition_key,
            thresholds.threshold_rank,
            crossings.account_key,
            crossings.signal_on,
            crossings.passed_before < thresholds.threshold_rank as is_start,
            crossings.passed_after < thresholds.threshold_rank as is_end
        from crossings
        inner join
            thresholds
            on crossings.condition_key = thresholds.condition_key
            and crossings.passed >= thresholds.threshold_rank
            and (
                crossings.passed_before < thresholds.threshold_rank
                or crossings.passed_after < thresholds.threshold_rank
            )
    ),

    runs as (
        select
            condition_key,
            threshold_rank,
            account_key,
            is_start,
            signal_on as first_on,
            case
                when is_end
                then signal_on
                else lead(signal_on) over (partition by condition_key, threshold_rank, account_key order by signal_on)
            end as last_on
        from ends
    ),

    episodes as (
        select
            runs.condition_key,
            runs.threshold_rank,
            runs.account_key,
            {{ add_days('runs.first_on', 'conditions.for_days - 1') }} as started_on,
            runs.last_on as ended_on
        from runs
        inner join conditions on runs.condition_key = conditions.condition_key
        where runs.is_start and {{ add_days('runs.first_on', 'conditions.for_days - 1') }} <= runs.last_on
    )

select
    condition_key,
    threshold_rank,
    account_key,
    started_on,
    lag(ended_on) over (partition by condition_key, threshold_rank, account_key order by started_on) as ended_before_on
from episodes
