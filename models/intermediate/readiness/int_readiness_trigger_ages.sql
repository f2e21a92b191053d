-- How long ago each trigger last started on an account, at each moment within the trigger's window of it.
with

    moments as (select * from {{ ref('int_readiness_moments') }}),

    triggers as (

        -- A risk trigger has no window of its own.
        select
            trigger_id,
            trigger_name,
            cast(coalesce(window_days, {{ readiness_trigger_days() }}) as integer) as window_days
        from {{ ref('int_triggers') }}

    ),

    episodes as (select trigger_id, account_id, triggered_at from {{ ref('int_trigger_episodes') }})

select
    episodes.account_id,
    moments.known_on,
    episodes.trigger_id,
    triggers.trigger_name,
    min({{ whole_days_since('episodes.triggered_at', add_days('moments.known_on', 1)) }}) as days_since_start,
    case
        when max(episodes.triggered_at) >= {{ move_by_days('max(moments.known_at)', -readiness_recent_days()) }}
        then 'started_lately'
        else 'in_its_window'
    end as recency
from episodes
inner join triggers on episodes.trigger_id = triggers.trigger_id
inner join
    moments
    on episodes.triggered_at <= moments.known_at
    and {{ move_by_days('episodes.triggered_at', 'triggers.window_days') }} >= moments.known_at
group by episodes.account_id, moments.known_on, episodes.trigger_id, triggers.trigger_name
