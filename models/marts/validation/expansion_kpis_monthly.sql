with

    periods as (select * from {{ ref('int_validation_periods') }} where not is_whole),

    firings as (select * from {{ ref('int_kpi_firings') }}),

    revenue as (select * from {{ ref('int_kpi_revenue') }}),

    -- Of the month's records and fields, over all sources, the share that was there and on time.
    completeness as (
        select
            periods.period_key,
            1
            - sum(cast(landed.missing_records + landed.late_records as double))
            / nullif(sum(landed.records), 0) as data_completeness
        from {{ ref('int_data_completeness') }} as landed
        inner join
            periods
            on cast(landed.day as timestamp) >= cast(periods.period_start as timestamp)
            and cast(landed.day as timestamp) < periods.known_at
        group by periods.period_key
    ),

    -- Identity is master data: one figure, today's, which stands beside the newest month.
    matches as (
        select {{ share('count(account_id)', 'count(*)') }} as match_rate from {{ ref('int_identity_matches') }}
    ),

    newest as (select max(period_start) as month from periods),

    retention as (select * from {{ ref('int_retention_months') }} where segment = 'all')

select
    periods.period_start as month,
    cast(firings.accounts_in_stage as bigint) as accounts_in_stage,
    cast(firings.fired as bigint) as fired,
    cast(firings.held_out as bigint) as held_out,
    cast(firings.delivered as bigint) as delivered,
    cast(firings.accepted as bigint) as accepted,
    cast(firings.meetings as bigint) as meetings,
    cast(firings.accounts_with_meeting as bigint) as accounts_with_meeting,
    cast(firings.opportunities as bigint) as opportunities,
    cast(firings.won as bigint) as won,
    cast(firings.lost as bigint) as lost,
    cast(revenue.expansions as bigint) as expansions,
    {{ share('firings.accounts_reached', 'firings.accounts_in_stage') }} as trigger_coverage,
    {{ share('revenue.expansions_with_firing', 'revenue.expansions') }} as expansion_coverage,
    {{ share('firings.delivered', 'firings.playable') }} as trigger_to_play,
    {{ share('firings.accepted', 'firings.delivered') }} as play_acceptance,
    {{ share('firings.opportunities', 'firings.delivered') }} as signal_to_opportunity,
    {{ share('firings.won', '(firings.won + firings.lost)') }} as opportunity_to_close,
    {{ share('revenue.won_with_firing', 'revenue.closed_with_firing') }} as win_rate_with_firing,
    {{ share('revenue.won_without_firing', 'revenue.closed_without_firing') }} as win_rate_without_firing,
    {{ share('revenue.won_with_firing', 'revenue.closed_with_firing') }}
    - {{ share('revenue.won_without_firing', 'revenue.closed_without_firing') }} as win_rate_lift,
    {{ share('firings.sla_met', 'firings.sla_known') }} as sla_met_share,
    revenue.median_days_to_expansion,
    {{ round_money('revenue.expansion_arr') }} as expansion_acv,
    {{ round_money('revenue.attributed_arr') }} as attributed_arr,
    {{ round_money('firings.play_cost') }} as play_cost,
    {{ share('revenue.attributed_arr - firings.play_cost', 'firings.play_cost') }} as trigger_roi,
    retention.nrr,
    retention.grr,
    completeness.data_completeness,
    case when periods.period_start = newest.month then matches.match_rate end as match_rate,
    1 - {{ share('revenue.forecast_error_arr', 'revenue.forecast_actual_arr') }} as forecast_accuracy
from periods
inner join firings on periods.period_key = firings.period_key
inner join revenue on periods.period_key = revenue.period_key
cross join newest
cross join matches
left join completeness on periods.period_key = completeness.period_key
left join retention on periods.period_start = retention.month
