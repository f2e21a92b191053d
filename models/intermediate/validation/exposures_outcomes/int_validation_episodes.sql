-- Episodes in time: exposed from triggered_at to exposed_until. The day whose close is known at the moment is
-- state_on.
with

    episodes as (select * from {{ ref('int_trigger_episodes') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    spans as (
        select
            triggers.trigger_key,
            accounts.account_key,
            episodes.triggered_at,
            cast(episodes.triggered_at as date) as moment_on,
            case
                when triggers.is_event
                then episodes.triggered_at
                when episodes.ended_on is null
                then cast('2999-12-31 00:00:00' as timestamp)
                else {{ day_close('episodes.ended_on') }}
            end as open_until,
            not triggers.is_event
            and {{ days_between('triggers.first_observed_on', 'episodes.started_on') }}
            < triggers.for_days as is_left_truncated
        from episodes
        inner join triggers on episodes.trigger_id = triggers.trigger_id
        inner join accounts on episodes.account_id = accounts.account_id
    )

select
    trigger_key,
    account_key,
    triggered_at,
    moment_on,
    {{ add_days('moment_on', -1) }} as state_on,
    open_until,
    is_left_truncated,
    max(open_until) over (
        partition by trigger_key, account_key order by triggered_at rows between unbounded preceding and 1 preceding
    ) as exposed_before_until,
    max(open_until) over (
        partition by trigger_key, account_key order by triggered_at rows between unbounded preceding and current row
    ) as exposed_until,
    coalesce(
        lead(triggered_at) over (partition by trigger_key, account_key order by triggered_at),
        cast('2999-12-31 00:00:00' as timestamp)
    ) as next_triggered_at
from spans
