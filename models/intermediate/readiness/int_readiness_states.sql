-- What is known of each account in stage at a moment: its signals, its stratum, and when it last expanded.
with

    moments as (select * from {{ ref('int_readiness_moments') }}),

    stages as (select * from {{ ref('int_account_stage_daily') }}),

    signals as (select * from {{ ref('int_account_signals_daily') }}),

    expansions as (

        select
            account_id,
            expanded_at,
            coalesce(
                lead(expanded_at) over (partition by account_id order by expanded_at),
                cast('2999-12-31 00:00:00' as timestamp)
            ) as next_expanded_at
        from (select distinct account_id, expanded_at from {{ ref('int_expansions') }}) as moments_of_expansion

    )

select
    stages.account_id,
    stages.known_on,
    stages.known_at,
    stages.is_week,
    stages.is_month_end,
    stages.is_newest,
    stages.tier,
    stages.segment,
    stages.tenure_band,
    {{ size_band('stages.contract_value') }} as size_band,
    {{ whole_days_since('expansions.expanded_at', add_days('stages.known_on', 1)) }} as days_since_expansion,
    {{ last_expansion_band(whole_days_since('expansions.expanded_at', add_days('stages.known_on', 1))) }}
    as last_expansion
    {%- for signal in numeric_signals() %}
        , cast({{ 'stages' if signal == 'contract_value' else 'signals' }}.{{ signal }} as double) as {{ signal }}
    {%- endfor %}
from
    (
        select
            moments.*,
            stages.account_id,
            stages.contract_value,
            coalesce(stages.tier, 'unknown') as tier,
            coalesce(stages.segment, 'unknown') as segment,
            {{ tenure_band('stages.tenure_days') }} as tenure_band
        from stages
        inner join moments on stages.signal_on = moments.known_on
        where stages.is_in_stage
    ) as stages
left join signals on stages.account_id = signals.account_id and stages.known_on = signals.signal_on
left join
    expansions
    on stages.account_id = expansions.account_id
    and stages.known_at >= expansions.expanded_at
    and stages.known_at < expansions.next_expanded_at
