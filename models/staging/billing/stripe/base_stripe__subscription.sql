with

    subscriptions as (select * from {{ source('stripe', 'subscription') }}),

    versions as (select * from {{ source('stripe', 'subscription_history') }}),

    newest_versions as (

        select
            *,
            row_number() over (
                partition by id order by _fivetran_synced desc nulls last, created desc nulls last, status asc
            ) as newness
        from versions
        where coalesce(_fivetran_active, true)

    ),

    -- A landing has one of the two tables; an old one may keep the first, stale, beside the second.
    current_rows as (

        select id, customer_id, status, current_period_end, ended_at, created, livemode
        from newest_versions
        where newness = 1

        union all

        select id, customer_id, status, current_period_end, ended_at, created, livemode
        from subscriptions
        where not exists (select 1 from versions)

    )

select id as subscription_id, customer_id, status, created as created_at, current_period_end as period_end, ended_at
from current_rows
where coalesce(livemode, true)
