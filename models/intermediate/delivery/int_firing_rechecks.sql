-- What is cancelled before it is sent: on the look when it falls due, else, as long as it has not been delivered, on
-- today's; past its expiry nothing is sent, so that the last look is the one then. What is not due yet is looked at
-- today as well: it may fall due, and leave, before the next build.
with

    firings as (select * from {{ ref('int_firings') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    deliveries as (select firing_id from {{ ref('stg_push__deliveries') }}),

    cancellations as (select * from {{ ref('int_candidate_cancellations') }}),

    looks as (

        select
            firings.firing_id,
            firings.trigger_id,
            firings.account_id,
            firings.fired_at,
            least(clock.as_of, firings.expires_at) as look_at
        from firings
        cross join clock
        left join deliveries on firings.firing_id = deliveries.firing_id
        left join cancellations on firings.firing_id = cancellations.firing_id
        where deliveries.firing_id is null and cancellations.firing_id is null

    ),

    stopped as ({{ stopped_looks('looks') | indent(4) }})

select firings.firing_id, cancellations.cancelled_because, cancellations.released_at as cancelled_at
from firings
inner join cancellations on firings.firing_id = cancellations.firing_id

union all

select stopped.firing_id, stopped.stopped_because as cancelled_because, looks.look_at as cancelled_at
from stopped
inner join looks on stopped.firing_id = looks.firing_id
