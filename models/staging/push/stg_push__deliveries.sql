-- When a firing first arrived at a destination.
with

    attempts as (select * from {{ source('push', 'push_log') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    placed as (

        -- A push runs by the wall clock, which may be ahead of the data's: then it happened at the moment of its build.
        select
            attempts.firing_id,
            attempts.destination,
            case
                when attempts.attempted_at <= clock.as_of then attempts.attempted_at else attempts.as_of
            end as delivered_at
        from attempts
        inner join clock on attempts.attempted_at <= clock.as_of or attempts.as_of <= clock.as_of
        where attempts.firing_id is not null and attempts.outcome = 'delivered'

    )

select firing_id, min(delivered_at) as delivered_at, count(distinct destination) as destinations
from placed
group by firing_id
