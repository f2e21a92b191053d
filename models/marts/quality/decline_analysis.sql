-- Which firings were declined, of which trigger and play, and why.
with

    statuses as (select * from {{ ref('int_firing_status') }} where declined_at is not null),

    firings as (select firing_id, play_id, motion, owner_role from {{ ref('int_firings') }})

select
    statuses.firing_id,
    statuses.trigger_id,
    statuses.account_id,
    firings.play_id,
    firings.motion,
    firings.owner_role,
    statuses.fired_at as triggered_at,
    statuses.declined_at,
    statuses.status_reason as decline_reason
from statuses
inner join firings on statuses.firing_id = firings.firing_id
