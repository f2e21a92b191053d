-- Null everywhere while no marketing events land, and before the earliest of them.
with

    clicks as (

        select clicks.account_id, {{ day_of('clicks.clicked_at') }} as clicked_on
        from {{ ref('stg_marketing__email_clicks') }} as clicks
        inner join {{ ref('int_clock') }} as clock on clicks.clicked_at <= clock.as_of

    ),

    horizon as (

        select min({{ day_of('events.occurred_at') }}) as horizon_on
        from {{ ref('stg_marketing__email_events') }} as events
        inner join {{ ref('int_clock') }} as clock on events.occurred_at <= clock.as_of

    ),

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
