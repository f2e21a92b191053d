-- Of triggers with several conditions: days on which all conditions but this one hold as they are in force, with the
-- number of this one's thresholds that the account passes.
with

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    ranges as (select * from {{ ref('int_sweep_threshold_ranges') }} where n_conditions > 1),

    days as (
        {{ thresholds_passed(ref('int_account_signals_daily'), 'ranges', 'accounts', numeric_signals()) | indent(8) }}
    ),

    passes as (
        select
            ranges.trigger_key,
            ranges.condition_key,
            ranges.n_conditions,
            days.account_key,
            days.signal_on,
            days.passed,
            days.passed >= ranges.current_threshold_rank as holds
        from days
        inner join ranges on days.condition_key = ranges.condition_key
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
