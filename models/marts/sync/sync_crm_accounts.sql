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
    clock.as_of
from accounts
cross join clock
left join open_firings on accounts.account_id = open_firings.account_id
left join firings as newest on accounts.account_id = newest.account_id and newest.recency = 1
