with

    billing_states as (select * from {{ ref('int_account_billing_states') }}),

    dated as (select *, min(from_on) over (partition by account_id) as first_paid_on from billing_states),

    expanded as (

        select
            account_id,
            {{ series_of_days('from_on', 'until_on') }} as signal_at,
            first_paid_on,
            mrr_usd,
            contract_value,
            seats_licensed,
            tier,
            renews_on,
            included_usage_30d,
            included_storage_gb
        from dated

    )

select
    account_id,
    {{ day_of('signal_at') }} as signal_on,
    first_paid_on,
    {{ days_between('first_paid_on', day_of('signal_at')) }} as tenure_days,
    mrr_usd,
    contract_value,
    seats_licensed,
    tier,
    cast({{ days_between(day_of('signal_at'), 'renews_on') }} as bigint) as days_to_renewal,
    included_usage_30d,
    included_storage_gb
from expanded
