{{ config(pre_hook="{{ stop_on_library_faults() }}") }}

-- depends_on: {{ ref('int_trigger_library_faults') }}
-- depends_on: {{ ref('int_trigger_conditions_faults') }}
-- depends_on: {{ ref('int_health_weights_faults') }}
-- depends_on: {{ ref('int_roles_faults') }}
-- depends_on: {{ ref('int_routing_rules_faults') }}
-- depends_on: {{ ref('int_notification_rules_faults') }}
-- depends_on: {{ ref('int_context_signals_faults') }}
-- depends_on: {{ ref('int_message_templates_faults') }}
-- The library as the engine reads it: defaults filled in, retired triggers left out.
with

    library as (select * from {{ ref('trigger_library') }}),

    condition_counts as (

        select trigger_id, count(*) as conditions from {{ ref('trigger_conditions') }} group by trigger_id

    )

select
    library.trigger_id,
    library.trigger_name,
    library.description,
    library.category,
    library.signal_class,
    library.kind,
    library.journey_moment,
    library.event_action,
    coalesce(library.min_events, 1) as min_events,
    coalesce(library.for_days, 1) as for_days,
    coalesce(library.rearm, 'while_true') as rearm,
    coalesce(library.burst_minutes, {{ setting('burst_minutes') }}) as burst_minutes,
    library.tiers,
    library.segments,
    library.min_contract_value,
    coalesce(library.requires_stage, true) as requires_stage,
    coalesce(library.recheck_conditions, true) as recheck_conditions,
    library.exclusions,
    library.message_group,
    library.cooldown_days,
    library.priority,
    library.timing,
    library.expansion_types,
    library.window_days,
    coalesce(library.holdout_pct, 0) as holdout_pct,
    library.benchmark_low,
    library.benchmark_high,
    library.owner,
    library.play_id,
    library.status,
    library.active_from,
    library.version,
    coalesce(condition_counts.conditions, 0) as conditions
from library
left join condition_counts on library.trigger_id = condition_counts.trigger_id
where library.status in ('active', 'shadow')
