-- Null everywhere while no marketing events land, and before the earliest of them.
with

    events as (

        select events.account_id, events.event_type, {{ day_of('events.occurred_at') }} as occurred_on
        from {{ ref('stg_marketing__email_events') }} as events
        inner join {{ ref('int_clock') }} as clock on events.occurred_at <= clock.as_of

    ),

    clicks as (

        select account_id, occurred_on as clicked_on from events where event_type = 'click' and account_id is not null

    ),

    horizon as (select min(occurred_on) as horizon_on from events),

    account_days as (select account_id, signal_on from {{ ref('int_account_billing_daily') }}),

    counted as (

        select account_days.account_id, account_days.signal_on, count(*) as clicks
        from account_days
        inner join
            clicks
            on account_days.account_id = clicks.account_id
            and clicks.clicked_on between {{ add_days('account_days.signal_on', -29) }} and account_days.signal_on
        group by account_days.account_id, account_days.signal_on

    )

select
    account_days.account_id,
    account_days.signal_on,
    cast(
        {{ observed('coalesce(counted.clicks, 0)', 30, 'horizon.horizon_on', 'account_days.signal_on') }} as bigint
    ) as marketing_emails_clicked_30d
from account_days
cross join horizon
left join counted on account_days.account_id = counted.account_id and account_days.signal_on = counted.signal_on
