{#-
    The controls of the sets in a relation (as int_risk_sets), drawn by the draws in another (as int_risk_set_draws, whose
    key_limit may be the prime itself): in stage and scope, not exposed in the window before, at most four an index event.
-#}
{% macro drawn_controls(sets, draws) -%}
    with

        candidates as (
            select
                draws.trigger_key,
                draws.moment_on,
                draws.stratum_key,
                days.account_key,
                (draws.mult * days.account_hash + draws.shift) % {{ hash_prime() }} as draw_key
            from {{ draws }} as draws
            inner join
                {{ ref('int_validation_days') }} as days
                on draws.state_on = days.signal_on
                and draws.stratum_key = days.stratum_key
            where
                (draws.mult * days.account_hash + draws.shift) % {{ hash_prime() }} <= draws.key_limit
                and (days.is_in_stage or not draws.requires_stage)
                and (draws.min_contract_value is null or days.contract_value >= draws.min_contract_value)
        ),

        seen as ({{ days_around('candidates') }}),

        ranked as (
            select
                sets.set_key,
                sets.n_index_events,
                seen.account_key,
                coalesce(seen.days_to_outcome <= sets.window_days, false) as has_outcome,
                row_number() over (partition by sets.set_key order by seen.draw_key, seen.account_key) as draw_rank
            from {{ sets }} as sets
            inner join
                seen
                on sets.trigger_key = seen.trigger_key
                and sets.moment_on = seen.moment_on
                and sets.stratum_key = seen.stratum_key
            left join
                {{ ref('int_index_events') }} as events
                on sets.trigger_key = events.trigger_key
                and sets.window_days = events.window_days
                and sets.moment_on = events.moment_on
                and sets.stratum_key = events.stratum_key
                and seen.account_key = events.account_key
            where
                events.account_key is null
                and (seen.days_since_exposed is null or seen.days_since_exposed >= sets.window_days)
        )

    select set_key, account_key, has_outcome
    from ranked
    where draw_rank <= 4 * n_index_events
{%- endmacro %}
