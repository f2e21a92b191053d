-- What validation asks of a trigger. An event trigger is observed from the first product event.
with

    triggers as (select * from {{ ref('int_triggers') }}),

    conditions as (select * from {{ ref('trigger_conditions') }}),

    signals as (
        select
            {%- for signal in numeric_signals() %}
                min(case when {{ signal }} is not null then signal_on end) as {{ signal }}{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ ref('int_account_signals_daily') }}
    ),

    observed as (
        {% for signal in numeric_signals() -%}
            select '{{ signal }}' as signal, {{ signal }} as first_observed_on
            from signals {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

    first_day as (select min(signal_on) as first_closed_on from {{ ref('int_account_stage_daily') }}),

    conditions_observed as (
        select conditions.trigger_id, max(observed.first_observed_on) as first_observed_on
        from conditions
        inner join observed on conditions.signal = observed.signal
        group by conditions.trigger_id
    ),

    product_observed as (select min(event_on) as first_observed_on from {{ ref('int_product_user_days') }})

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
            when triggers.kind = 'event'
            then product_observed.first_observed_on
            else conditions_observed.first_observed_on
        end,
        first_day.first_closed_on
    ) as first_observed_on
from triggers
cross join first_day
cross join product_observed
left join conditions_observed on triggers.trigger_id = conditions_observed.trigger_id
