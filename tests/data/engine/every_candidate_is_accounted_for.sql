-- Every candidate fired or was suppressed, and no candidate did both.
with

    candidates as (

        select
            trigger_id,
            account_id,
            episode_triggered_at,
            is_shadow,
            {{ firing_id('trigger_id', 'account_id', 'moment') }} as firing_id
        from {{ ref('int_candidates') }}

    ),

    accounted as (

        select
            candidates.trigger_id,
            candidates.account_id,
            candidates.episode_triggered_at,
            candidates.is_shadow,
            count(*) as candidates,
            count(fired.firing_id) as firings
        from candidates
        left join {{ ref('int_firings') }} as fired on candidates.firing_id = fired.firing_id
        group by candidates.trigger_id, candidates.account_id, candidates.episode_triggered_at, candidates.is_shadow

    ),

    suppressed as (

        select trigger_id, account_id, triggered_at, is_shadow, sum(candidates) as suppressions
        from {{ ref('fct_suppressed_triggers') }}
        group by trigger_id, account_id, triggered_at, is_shadow

    )

select
    coalesce(accounted.trigger_id, suppressed.trigger_id) as trigger_id,
    coalesce(accounted.account_id, suppressed.account_id) as account_id,
    coalesce(accounted.episode_triggered_at, suppressed.triggered_at) as triggered_at,
    accounted.candidates,
    accounted.firings,
    suppressed.suppressions
from accounted
full outer join
    suppressed
    on accounted.trigger_id = suppressed.trigger_id
    and accounted.account_id = suppressed.account_id
    and accounted.episode_triggered_at = suppressed.triggered_at
    and accounted.is_shadow = suppressed.is_shadow
where accounted.candidates is null or accounted.firings + coalesce(suppressed.suppressions, 0) <> accounted.candidates
