-- Every expansion with the firing it is attributed to: the last one delivered before it, of a trigger that claims its
-- type, within that trigger's window from the delivery on. A firing that reached nobody is attributed nothing, but the
-- expansion did have one, if it fired within the window before.
with

    expansions as (
        select
            expansions.expansion_id,
            accounts.account_key,
            expansions.expanded_at,
            expansions.expansion_type,
            12 * cast(expansions.mrr_delta as double) as arr_delta
        from {{ ref('int_expansions') }} as expansions
        inner join {{ ref('int_validation_accounts') }} as accounts on expansions.account_id = accounts.account_id
    ),

    firings as (
        select
            firings.firing_id,
            firings.trigger_key,
            firings.account_key,
            firings.triggered_at,
            case when firings.is_acted_on then firings.delivered_at end as delivered_at,
            triggers.expansion_types,
            triggers.priority,
            {{ move_by_days('firings.triggered_at', 'triggers.primary_window_days') }} as window_ends_at,
            {{ move_by_days('firings.delivered_at', 'triggers.primary_window_days') }} as reach_ends_at
        from {{ ref('int_validation_firings') }} as firings
        inner join {{ ref('int_validation_triggers') }} as triggers on firings.trigger_key = triggers.trigger_key
        where not firings.is_shadow and not triggers.is_risk
    ),

    met as (
        select
            expansions.expansion_id,
            firings.*,
            expansions.expanded_at > firings.triggered_at
            and expansions.expanded_at <= firings.window_ends_at as is_after_firing,
            coalesce(
                expansions.expanded_at > firings.delivered_at and expansions.expanded_at <= firings.reach_ends_at, false
            ) as is_after_delivery
        from expansions
        inner join
            firings on expansions.account_key = firings.account_key and expansions.expanded_at > firings.triggered_at
        where {{ in_list('expansions.expansion_type', 'firings.expansion_types') }}
    ),

    ranked as (
        select
            met.*,
            row_number() over (
                partition by expansion_id, is_after_delivery
                order by delivered_at desc, triggered_at desc, priority, trigger_key
            ) as recency
        from met
        where is_after_firing or is_after_delivery
    ),

    attributed as (
        select
            expansion_id,
            max(case when is_after_delivery then firing_id end) as firing_id,
            max(case when is_after_delivery then trigger_key end) as trigger_key,
            max(case when is_after_delivery then triggered_at end) as triggered_at
        from ranked
        where recency = 1
        group by expansion_id
    )

select
    expansions.expansion_id,
    expansions.account_key,
    expansions.expanded_at,
    expansions.arr_delta,
    attributed.firing_id,
    attributed.trigger_key,
    attributed.triggered_at,
    attributed.expansion_id is not null as has_firing
from expansions
left join attributed on expansions.expansion_id = attributed.expansion_id
