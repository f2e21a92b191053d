-- How much each trigger fires a day against what is usual, and what waits for a word.
with

    volumes as (select * from {{ ref('int_trigger_volumes') }}),

    held as (

        select trigger_id, fired_on, count(*) as held_firings
        from {{ ref('int_held_firings') }}
        group by trigger_id, fired_on

    )

select
    volumes.trigger_id,
    volumes.fired_on,
    cast(volumes.firings as bigint) as firings,
    volumes.usual_firings,
    volumes.is_unusual,
    volumes.approved_at,
    cast(coalesce(held.held_firings, 0) as bigint) as held_firings
from volumes
left join held on volumes.trigger_id = held.trigger_id and volumes.fired_on = held.fired_on
