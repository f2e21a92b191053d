-- Two episodes of a daily trigger and account are apart by at least a day that was no day of either.
with

    episodes as (

        select
            episodes.*,
            lead(episodes.started_on) over (
                partition by episodes.trigger_id, episodes.account_id order by episodes.started_on
            ) as next_started_on
        from {{ ref('fct_trigger_episodes') }} as episodes
        inner join {{ ref('dim_triggers') }} as triggers on episodes.trigger_id = triggers.trigger_id
        where triggers.kind = 'daily'

    )

select *
from episodes
where next_started_on <= {{ add_days('coalesce(ended_on, next_started_on)', 1) }}
