-- Why a firing fired: its evidence, condition by condition, and what was checked on the way.
-- dbt compile -s why_did_it_fire --vars '{firing_id: ...}', or show: dbt show -s why_did_it_fire --vars '{firing_id:
-- ...}'
with

    firing as (

        select * from {{ ref('fct_fired_triggers') }} where firing_id = {{ dbt.string_literal(var('firing_id', '')) }}

    ),

    conditions as ({{ evidence_conditions('firing') }})

select
    firing.firing_id,
    firing.trigger_id,
    firing.account_id,
    firing.triggered_at,
    firing.judged_on,
    conditions.signal,
    conditions.signal_value,
    library_conditions.comparator,
    library_conditions.threshold,
    library_conditions.threshold_high,
    firing.message_group,
    firing.cooldown_days,
    firing.routing_rule_id,
    firing.owner_role,
    firing.owner_email,
    firing.deliver_at,
    firing.is_holdout
from firing
left join conditions on firing.firing_id = conditions.firing_id
left join
    {{ ref('trigger_conditions') }} as library_conditions
    on firing.trigger_id = library_conditions.trigger_id
    and conditions.signal = library_conditions.signal
