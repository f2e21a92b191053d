with

    months as (select * from {{ ref('int_kpi_months') }}),

    firings as (select * from {{ ref('int_kpi_firings') }}),

    meetings as (select * from {{ ref('int_kpi_meetings') }}),

    revenue as (select * from {{ ref('int_kpi_revenue') }}),

    win_rates as (select * from {{ ref('int_kpi_win_rates') }}),

    forecasts as (select * from {{ ref('int_kpi_forecasts') }}),

    completeness as (select * from {{ ref('int_kpi_completeness') }}),

    match_rates as (select * from {{ ref('int_kpi_match_rates') }}),

    retention as (select * from {{ ref('int_retention_months') }} where segment = 'all')

select
    months.month,
    cast(firings.accounts_in_stage as bigint) as accounts_in_stage,
    cast(firings.fired as bigint) as fired,
    cast(firings.held_out as bigint) as held_out,
    cast(firings.delivered as bigint) as delivered,
    cast(firings.accepted as bigint) as accepted,
    cast(coalesce(meetings.meetings, 0) as bigint) as meetings,
    cast(coalesce(meetings.accounts_with_meeting, 0) as bigint) as accounts_with_meeting,
    cast(firings.opportunities as bigint) as opportunities,
    cast(coalesce(meetings.won, 0) as bigint) as won,
    cast(coalesce(meetings.lost, 0) as bigint) as lost,
    cast(coalesce(revenue.expansions, 0) as bigint) as expansions,
    {{ share('firings.accounts_reached', 'firings.accounts_in_stage') }} as trigger_coverage,
    {{ share('revenue.expansions_with_firing', 'revenue.expansions') }} as expansion_coverage,
    {{ share('firings.delivered', 'firings.playable') }} as trigger_to_play,
    {{ share('firings.accepted', 'firings.delivered') }} as play_acceptance,
    {{ share('firings.opportunities', 'firings.delivered') }} as signal_to_opportunity,
    {{ share('meetings.won', '(meetings.won + meetings.lost)') }} as opportunity_to_close,
    {{ share('win_rates.won_with_firing', 'win_rates.closed_with_firing') }} as win_rate_with_firing,
    {{ share('win_rates.won_without_firing', 'win_rates.closed_without_firing') }} as win_rate_without_firing,
    {{ share('win_rates.won_with_firing', 'win_rates.closed_with_firing') }}
    - {{ share('win_rates.won_without_firing', 'win_rates.closed_without_firing') }} as win_rate_lift,
    {{ share('firings.sla_met', 'firings.sla_known') }} as sla_met_share,
    revenue.median_days_to_expansion,
    {{ round_money('coalesce(revenue.expansion_arr, 0)') }} as expansion_acv,
    {{ round_money('coalesce(revenue.attributed_arr, 0)') }} as attributed_arr,
    {{ round_money('firings.play_cost') }} as play_cost,
    (coalesce(revenue.attributed_arr, 0) - firings.play_cost) / nullif(firings.play_cost, 0) as trigger_roi,
    retention.nrr,
    retention.grr,
    completeness.data_completeness,
    case when months.is_newest then match_rates.match_rate end as match_rate,
    1 - forecasts.absolute_error / nullif(forecasts.actual_arr, 0) as forecast_accuracy
from months
inner join firings on months.month = firings.month
cross join match_rates
left join meetings on months.month = meetings.month
left join revenue on months.month = revenue.month
left join win_rates on months.month = win_rates.month
left join forecasts on months.month = forecasts.month
left join completeness on months.month = completeness.month
left join retention on months.month = retention.month
