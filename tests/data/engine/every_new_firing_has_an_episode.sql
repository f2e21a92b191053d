-- A firing of this build lies inside an episode of its trigger and account: from its moment on, until the close of
-- its last day.
select firings.firing_id, firings.episode_triggered_at
from {{ ref('int_new_firings') }} as firings
left join
    {{ ref('fct_trigger_episodes') }} as episodes
    on firings.trigger_id = episodes.trigger_id
    and firings.account_id = episodes.account_id
    and firings.episode_triggered_at = episodes.triggered_at
where
    episodes.trigger_id is null
    or firings.moment < episodes.triggered_at
    or {{ day_of('firings.moment') }} > {{ add_days('episodes.ended_on', 1) }}
