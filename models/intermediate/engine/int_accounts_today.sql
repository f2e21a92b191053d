-- Every live account of the CRM as it stands at the last closed day.
with

    accounts as (select * from {{ ref('stg_crm__accounts') }}),

    clock as (select last_closed_on from {{ ref('int_clock') }}),

    signals as (

        select signals.*
        from {{ ref('int_account_signals_daily') }} as signals
        inner join clock on signals.signal_on = clock.last_closed_on

    ),

    stages as (

        select stages.*
        from {{ ref('int_account_stage_daily') }} as stages
        inner join clock on stages.signal_on = clock.last_closed_on

    ),

    people as (

        select
            account_id,
            max(case when person_field = 'owner' then email end) as account_executive_email,
            max(case when person_field = 'success_manager' then email end) as success_manager_email
        from {{ ref('int_account_people') }}
        group by account_id

    ),

    families as (select * from {{ ref('stg_crm__account_families') }}),

    zones as (select * from {{ ref('int_account_time_zones') }})

select
    accounts.account_id,
    accounts.account_name,
    families.parent_account_id,
    families.ultimate_parent_account_id,
    signals.segment,
    signals.tier,
    signals.contract_value,
    signals.seats_licensed,
    signals.health_score,
    signals.health_band,
    people.account_executive_email,
    people.success_manager_email,
    accounts.country_code,
    zones.time_zone,
    zones.is_time_zone_known,
    stages.first_paid_on,
    stages.tenure_days,
    coalesce(stages.is_in_stage, false) as is_in_stage,
    case when stages.account_id is null then 'never_paid' else stages.stage_reason end as stage_reason
from accounts
left join signals on accounts.account_id = signals.account_id
left join stages on accounts.account_id = stages.account_id
left join people on accounts.account_id = people.account_id
left join families on accounts.account_id = families.account_id
left join zones on accounts.account_id = zones.account_id
