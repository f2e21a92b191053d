-- Attempts on firings that a destination took, each with when and with what that proves.
with

    attempts as (select * from {{ source('push', 'push_log') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    placed as (

        -- A push runs by the wall clock, which may be ahead of the data's: then it happened at the moment of its build.
        select
            attempts.firing_id,
            attempts.destination,
            attempts.object,
            attempts.outcome,
            attempts.addressee,
            case
                when attempts.attempted_at <= clock.as_of then attempts.attempted_at else attempts.as_of
            end as arrived_at
        from attempts
        inner join clock on attempts.attempted_at <= clock.as_of or attempts.as_of <= clock.as_of
        where
            attempts.firing_id is not null
            and attempts.object in ('firing', 'alert')
            and attempts.outcome in ('delivered', 'handed_over')
            -- Whoever is told of an end was told of the beginning.
            and (attempts.sync_key is null or attempts.sync_key not like '%:closed')

    )

select
    firing_id,
    destination,
    arrived_at,
    case
        -- A log from before addressees were told names no bystander and nobody: its firings count, of its alerts nobody
        -- can say whom they reached.
        when outcome = 'delivered' and coalesce(addressee, case when object = 'firing' then 'actor' end) = 'actor'
        then 'delivered'
        when outcome = 'handed_over' or addressee is null
        then 'handed_over'
        else 'told_others'
    end as arrival
from placed
