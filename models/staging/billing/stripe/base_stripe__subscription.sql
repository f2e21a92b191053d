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

    -- A first payment that is still due leaves the subscription incomplete; what follows on that is its start.
    starts as (

        select
            id,
            min(_fivetran_start) as first_at,
            min(
                case when lower(status) not in ('incomplete', 'incomplete_expired') then _fivetran_start end
            ) as active_at
        from versions
        group by id

    ),

    -- A landing has one of the two tables; an old one may keep the first, stale, beside the second.
    current_rows as (

        select
            newest_versions.id,
            newest_versions.customer_id,
            newest_versions.status,
            newest_versions.current_period_end,
            newest_versions.ended_at,
            newest_versions.created,
            newest_versions.livemode,
            case when starts.active_at > starts.first_at then starts.active_at end as active_at
        from newest_versions
        inner join starts on newest_versions.id = starts.id
        where newest_versions.newness = 1

        union all

        select
            id,
            customer_id,
            status,
            current_period_end,
            ended_at,
            created,
            livemode,
            cast(null as timestamp) as active_at
        from subscriptions
        where not exists (select 1 from versions)

    )

select
    id as subscription_id,
    customer_id,
    status,
    created as created_at,
    active_at,
    current_period_end as period_end,
    ended_at
from current_rows
where coalesce(livemode, true)
