-- Between a firing of this build and one of its account and group before it lies at least the cooldown of the later
-- one,
-- or the earlier was cancelled when it fell due and released it by then. What was recorded earlier cannot change any
-- more.
with

    firings as (select * from {{ ref('fct_fired_triggers') }}),

    cancellations as (select firing_id, released_at from {{ ref('int_candidate_cancellations') }})

select later.firing_id, earlier.firing_id as earlier_firing_id
from firings as later
inner join {{ ref('int_new_firings') }} as new_firings on later.firing_id = new_firings.firing_id
inner join
    firings as earlier
    on later.account_id = earlier.account_id
    and later.cooldown_group = earlier.cooldown_group
    and later.firing_id <> earlier.firing_id
    and earlier.triggered_at > {{ add_days_to_moment('later.triggered_at', '-later.cooldown_days') }}
    and earlier.triggered_at <= later.triggered_at
left join cancellations on earlier.firing_id = cancellations.firing_id
where cancellations.released_at is null or cancellations.released_at > later.triggered_at
