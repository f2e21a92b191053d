-- Firings that may not leave yet: of a trigger and day far above its usual number, without a word about it. What left
-- before the number was reached has left, and is not called back.
with

    firings as (select * from {{ ref('int_firings') }}),

    volumes as (select * from {{ ref('int_trigger_volumes') }}),

    arrivals as (select distinct firing_id from {{ ref('stg_push__arrivals') }})

select firings.firing_id, firings.trigger_id, volumes.fired_on
from firings
inner join volumes on firings.trigger_id = volumes.trigger_id and {{ day_of('firings.fired_at') }} = volumes.fired_on
left join arrivals on firings.firing_id = arrivals.firing_id
where
    volumes.is_unusual
    and volumes.approved_at is null
    and firings.is_shadow = false
    and firings.is_holdout = false
    and arrivals.firing_id is null
