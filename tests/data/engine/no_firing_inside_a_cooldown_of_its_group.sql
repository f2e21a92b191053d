-- Between two firings of one account and group lies at least the cooldown of the later one.
with firings as (select * from {{ ref('fct_fired_triggers') }})

select later.firing_id, earlier.firing_id as earlier_firing_id
from firings as later
inner join
    firings as earlier
    on later.account_id = earlier.account_id
    and later.cooldown_group = earlier.cooldown_group
    and later.firing_id <> earlier.firing_id
    and earlier.triggered_at > {{ add_days_to_moment('later.triggered_at', '-later.cooldown_days') }}
    and earlier.triggered_at <= later.triggered_at
