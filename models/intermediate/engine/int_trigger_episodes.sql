-- Every episode, whether or not anything was done about it: runs of days, and bursts of events.
with

    daily_episodes as (select * from {{ ref('int_daily_episodes') }}),

    bursts as (select * from {{ ref('int_event_bursts') }})

select trigger_id, account_id, started_on, triggered_at, ended_on, is_open
from daily_episodes

union all

-- A burst is over as soon as it is there.
select
    trigger_id,
    account_id,
    {{ day_of('triggered_at') }} as started_on,
    triggered_at,
    {{ day_of('triggered_at') }} as ended_on,
    false as is_open
from bursts
