-- What today's rules and data, run over all of history at once, would have fired.
with

    free_candidates as (

        select trigger_id, account_id, moment, cooldown_group, cooldown_days, priority
        from {{ ref('int_candidate_judgements') }}
        where reason is null

    ),

    fired as ({{ walk_cooldown('free_candidates') | indent(4) }})

select trigger_id, account_id, moment, {{ firing_id('trigger_id', 'account_id', 'moment') }} as firing_id
from fired
