-- Metered use and storage beside what the plan of the day includes.
with

    metered_days as (

        select account_id, event_on, sum(quantity) as quantity
        from {{ ref('int_product_metered_uses') }}
        group by account_id, event_on

    ),

    storage as (select * from {{ ref('int_product_storage') }}),

    account_days as (select * from {{ ref('int_product_account_days') }}),

    billing as (

        select account_id, signal_on, included_usage_30d, included_storage_gb
        from {{ ref('int_account_billing_daily') }}

    ),

    storage_days as (

        select account_days.account_id, account_days.signal_on, storage.storage_used_gb
        from account_days
        inner join
            storage
            on account_days.account_id = storage.account_id
            and storage.valid_from < {{ day_close('account_days.signal_on') }}
            and (storage.valid_until is null or storage.valid_until >= {{ day_close('account_days.signal_on') }})

    ),

    counted as (

        select
            account_days.account_id,
            account_days.signal_on,
            account_days.horizon_on,
            {{ trailing_sum('coalesce(metered_days.quantity, 0)', 30, 'account_days.account_id', 'account_days.signal_on') }}
            as metered_use
        from account_days
        left join
            metered_days
            on account_days.account_id = metered_days.account_id
            and account_days.signal_on = metered_days.event_on

    )

select
    counted.account_id,
    counted.signal_on,
    {{ observed('counted.metered_use', 30, 'counted.horizon_on', 'counted.signal_on') }} as metered_use_30d,
    {{ observed(
        ratio('counted.metered_use', 'billing.included_usage_30d'), 30, 'counted.horizon_on', 'counted.signal_on'
    ) }} as quota_utilisation_30d,
    {{ ratio('storage_days.storage_used_gb', 'billing.included_storage_gb') }} as storage_utilisation
from counted
left join storage_days on counted.account_id = storage_days.account_id and counted.signal_on = storage_days.signal_on
left join billing on counted.account_id = billing.account_id and counted.signal_on = billing.signal_on
