-- Whether an account is in the expansion stage at the close of each day since it first paid, and the first test it
-- fails. Before, and where it never paid, there is no row: readers call that never_paid.
with

    billing as (select * from {{ ref('int_account_billing_daily') }}),

    signals as (

        select account_id, signal_on, tier, contract_value, health_score, health_band
        from {{ ref('int_account_signals_daily') }}

    ),

    company as (

        -- The segment of a day is known whether or not the account paid on it.
        select account_id, signal_on, segment from {{ ref('int_signals_company') }}

    ),

    accounts as (select account_id, onboarded_at from {{ ref('stg_crm__accounts') }}),

    days as (select * from {{ ref('int_days') }}),

    families as (select account_id, family_id from {{ ref('stg_crm__account_families') }}),

    decline_days as (

        select distinct coalesce(families.family_id, declines.account_id) as family_id, days.signal_on
        from {{ ref('int_account_declines') }} as declines
        left join families on declines.account_id = families.account_id
        inner join
            {{ ref('int_days') }} as days
            on {{ day_of('declines.declined_at') }} <= days.signal_on
            and days.signal_on <= {{ add_days(day_of('declines.declined_at'), setting('stage', 'decline_days') - 1) }}

    ),

    first_paid_days as (select distinct account_id, first_paid_on from billing),

    account_days as (

        select
            first_paid_days.account_id,
            days.signal_on,
            first_paid_days.first_paid_on,
            {{ days_between('first_paid_days.first_paid_on', 'days.signal_on') }} as tenure_days
        from first_paid_days
        inner join days on first_paid_days.first_paid_on <= days.signal_on

    ),

    judged as (

        select
            account_days.account_id,
            account_days.signal_on,
            account_days.first_paid_on,
            account_days.tenure_days,
            signals.tier,
            company.segment,
            signals.contract_value,
            signals.health_score,
            case
                when signals.account_id is null
                then 'churned'
                {%- if setting('stage', 'onboarding') != 'ignored' %}
                    when
                        accounts.onboarded_at >= {{ day_close('account_days.signal_on') }}
                        {%- if setting('stage', 'onboarding') == 'required' %}
                            or accounts.onboarded_at is null
                        {%- endif %}
                    then 'not_onboarded'
                {%- endif %}
                when account_days.tenure_days < {{ setting('stage', 'tenure_days') }}
                then 'tenure'
                when coalesce(signals.health_band, 'unknown') not in ({{ literals(setting('stage', 'health_bands')) }})
                then 'health'
                when coalesce(signals.contract_value, 0) <= 0
                then 'no_contract_value'
                when decline_days.family_id is not null
                then 'declined'
            end as stage_reason
        from account_days
        left join signals on account_days.account_id = signals.account_id and account_days.signal_on = signals.signal_on
        left join company on account_days.account_id = company.account_id and account_days.signal_on = company.signal_on
        left join accounts on account_days.account_id = accounts.account_id
        left join families on account_days.account_id = families.account_id
        left join
            decline_days
            on coalesce(families.family_id, account_days.account_id) = decline_days.family_id
            and account_days.signal_on = decline_days.signal_on

    )

select
    account_id,
    signal_on,
    first_paid_on,
    tenure_days,
    tier,
    segment,
    contract_value,
    health_score,
    stage_reason is null as is_in_stage,
    stage_reason
from judged
