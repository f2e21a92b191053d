-- What today's rules and data, run over all of history at once, would have fired.
with

    candidates as (

        select
            candidates.firing_id,
            candidates.trigger_id,
            candidates.account_id,
            candidates.moment,
            candidates.cooldown_group,
            candidates.cooldown_days,
            candidates.priority,
            cancellations.released_at
        from {{ ref('int_free_candidates') }} as candidates
        left join
            {{ ref('int_candidate_cancellations') }} as cancellations on candidates.firing_id = cancellations.firing_id

    ),

    fired as ({{ walk_cooldown('candidates') | indent(4) }})

select candidates.trigger_id, candidates.account_id, candidates.moment, candidates.firing_id
from fired
inner join
    candidates
    on fired.trigger_id = candidates.trigger_id
    and fired.account_id = candidates.account_id
    and fired.moment = candidates.moment
