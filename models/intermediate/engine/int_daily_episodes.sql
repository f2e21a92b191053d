-- Unbroken runs of days, from the day they have lasted long enough. A day without a row breaks a run.
with

    trigger_days as (

        select trigger_days.*
        from {{ ref('int_trigger_days') }} as trigger_days
        inner join
            {{ ref('int_triggers') }} as daily_triggers
            on trigger_days.trigger_id = daily_triggers.trigger_id
            and daily_triggers.kind = 'daily'

    ),

    triggers as (select trigger_id, for_days from {{ ref('int_triggers') }}),

    clock as (select last_closed_on from {{ ref('int_clock') }}),

    numbered as (

        -- Within a run the day less its number stays the same.
        select
            trigger_id,
            account_id,
            signal_on,
            {{ add_days(
            'signal_on', '-row_number() over (partition by trigger_id, account_id order by signal_on)'
        ) }} as run_key
        from trigger_days

    ),

    runs as (

        select trigger_id, account_id, min(signal_on) as first_on, max(signal_on) as last_on
        from numbered
        group by trigger_id, account_id, run_key

    ),

    lasting as (

        select
            runs.trigger_id,
            runs.account_id,
            {{ add_days('runs.first_on', 'triggers.for_days - 1') }} as started_on,
            runs.last_on
        from runs
        inner join triggers on runs.trigger_id = triggers.trigger_id
        where {{ add_days('runs.first_on', 'triggers.for_days - 1') }} <= runs.last_on

    )

select
    lasting.trigger_id,
    lasting.account_id,
    lasting.started_on,
    {{ day_close('lasting.started_on') }} as triggered_at,
    case when lasting.last_on < clock.last_closed_on then lasting.last_on end as ended_on,
    lasting.last_on >= clock.last_closed_on as is_open
from lasting
cross join clock
