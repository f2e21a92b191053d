-- What the CRM gets to know of accounts.
with

    accounts as (select * from {{ ref('int_accounts_today') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    firings as (

        select *, row_number() over (partition by account_id order by fired_at desc, trigger_id) as recency
        from {{ ref('int_due_firings') }}
        where status <> 'scheduled'

    ),

    open_firings as (

        select account_id, count(*) as open_firings
        from firings
        where is_closed = false and status <> 'expired'
        group by account_id

    ),

    readiness as (select * from {{ ref('int_readiness_scores') }} where is_newest),

    drivers as (

        select
            account_id,
            max(case when place = 1 then driver end) as driver_1,
            max(case when place = 2 then driver end) as driver_2,
            max(case when place = 3 then driver end) as driver_3
        from {{ ref('int_readiness_drivers') }}
        group by account_id

    )

select
    accounts.account_id,
    accounts.account_name,
    accounts.segment,
    accounts.tier,
    accounts.contract_value,
    accounts.health_score,
    accounts.health_band,
    accounts.is_in_stage,
    coalesce(open_firings.open_firings, 0) as open_firings,
    newest.firing_id as newest_firing_id,
    newest.trigger_id as newest_trigger_id,
    newest.fired_at as newest_triggered_at,
    -- To a tenth of a percent: a row is sent again when it has changed.
    cast(round(cast(readiness.probability_30d as decimal(38, 12)), 3) as double) as probability_30d,
    {{ round_money('readiness.expected_arr_30d') }} as expected_arr_30d,
    cast(readiness.readiness_rank as integer) as readiness_rank,
    drivers.driver_1,
    drivers.driver_2,
    drivers.driver_3,
    clock.as_of
from accounts
cross join clock
left join open_firings on accounts.account_id = open_firings.account_id
left join firings as newest on accounts.account_id = newest.account_id and newest.recency = 1
left join readiness on accounts.account_id = readiness.account_id
left join drivers on accounts.account_id = drivers.account_id and readiness.probability_30d is not null
