-- What validation asks of a trigger. An event trigger is observed from the first product event.
with

    triggers as (select * from {{ ref('int_triggers') }}),

    conditions as (select * from {{ ref('trigger_conditions') }}),

    observed as (select * from {{ ref('int_signals_observed_from') }}),

    first_day as (select min(signal_on) as first_closed_on from {{ ref('int_account_stage_daily') }}),

    conditions_observed as (
        select conditions.trigger_id, max(observed.observed_from) as observed_from
        from conditions
        inner join observed on conditions.signal = observed.signal
        group by conditions.trigger_id
    ),

    product_observed as (select first_event_on as observed_from from {{ ref('int_product_horizon') }})

select
    triggers.trigger_id,
    cast(row_number() over (order by triggers.trigger_id) as integer) as trigger_key,
    triggers.kind = 'event' as is_event,
    triggers.category = 'risk' as is_risk,
    triggers.status = 'active' as is_active,
    triggers.requires_stage,
    triggers.tiers,
    triggers.segments,
    cast(triggers.min_contract_value as double) as min_contract_value,
    triggers.expansion_types,
    triggers.message_group,
    cast(triggers.holdout_pct as double) as holdout_pct,
    cast(triggers.window_days as integer) as primary_window_days,
    cast(coalesce(triggers.for_days, 1) as integer) as for_days,
    cast(triggers.priority as integer) as priority,
    triggers.play_id,
    cast(triggers.benchmark_low as double) as benchmark_low,
    cast(triggers.benchmark_high as double) as benchmark_high,
    coalesce(
        case
            when triggers.kind = 'event' then product_observed.observed_from else conditions_observed.observed_from
        end,
        first_day.first_closed_on
    ) as observed_from
from triggers
cross join first_day
cross join product_observed
left join conditions_observed on triggers.trigger_id = conditions_observed.trigger_id
