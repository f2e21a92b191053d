-- What is wrong with the conditions, in sentences.
with

    library as (select * from {{ ref('trigger_library') }}),

    conditions as (select * from {{ ref('trigger_conditions') }}),

    signals as (select signal from {{ ref('int_signal_catalogue') }})

select
    'trigger_conditions' as seed_name,
    conditions.trigger_id as row_id,
    'signal' as column_name,
    {{ dbt.concat(["'signal '", "coalesce(conditions.signal, '(empty)')", "' is unknown: expected one of the signals of signal_coverage'"]) }}
    as fault
from conditions
left join signals on conditions.signal = signals.signal
where signals.signal is null

union all

select
    'trigger_conditions' as seed_name,
    trigger_id as row_id,
    'comparator' as column_name,
    {{ dbt.concat(["'comparator '", "coalesce(comparator, '(empty)')", "' is unknown: expected one of > >= < <= = between'"]) }}
    as fault
from conditions
where coalesce(comparator, '') not in ('>', '>=', '<', '<=', '=', 'between')

union all

select
    'trigger_conditions' as seed_name,
    trigger_id as row_id,
    'threshold' as column_name,
    'expected a number, and for between a second one in threshold_high' as fault
from conditions
where threshold is null or (comparator = 'between' and threshold_high is null)

union all

select
    'trigger_conditions' as seed_name,
    conditions.trigger_id as row_id,
    'trigger_id' as column_name,
    'the trigger is not in trigger_library.csv' as fault
from conditions
left join library on conditions.trigger_id = library.trigger_id
where library.trigger_id is null
