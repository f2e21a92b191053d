-- The funnel of a month's firings, and who was reached.
with

    months as (select * from {{ ref('int_kpi_months') }}),

    in_stage as (select * from {{ ref('int_stage_months') }}),

    firings as (
        select months.month, firings.*, in_stage.account_key is not null as is_in_stage
        from {{ ref('int_validation_firings') }} as firings
        inner join months on firings.triggered_at >= months.starts_at and firings.triggered_at < months.ends_at
        left join in_stage on firings.account_key = in_stage.account_key and months.month = in_stage.month_on
        where not firings.is_shadow
    ),

    stage_counts as (select month_on as month, count(*) as accounts_in_stage from in_stage group by month_on),

    funnel as (
        select
            month,
            count(*) as fired,
            count(distinct case when is_in_stage then account_key end) as accounts_reached,
            sum(case when is_holdout then 1 else 0 end) as held_out,
            sum(case when is_acted_on and not coalesce(is_cancelled, false) then 1 else 0 end) as playable,
            sum(case when is_acted_on and delivered_at is not null then 1 else 0 end) as delivered,
            sum(case when is_acted_on and accepted_at is not null then 1 else 0 end) as accepted,
            sum(case when is_acted_on and opportunity_at is not null then 1 else 0 end) as opportunities,
            sum(case when is_sla_met then 1 else 0 end) as sla_met,
            sum(case when is_sla_met is not null then 1 else 0 end) as sla_known,
            sum(case when is_acted_on and delivered_at is not null then cost_per_touch else 0 end) as play_cost
        from firings
        group by month
    )

select
    months.month,
    coalesce(stage_counts.accounts_in_stage, 0) as accounts_in_stage,
    coalesce(funnel.fired, 0) as fired,
    coalesce(funnel.accounts_reached, 0) as accounts_reached,
    coalesce(funnel.held_out, 0) as held_out,
    coalesce(funnel.playable, 0) as playable,
    coalesce(funnel.delivered, 0) as delivered,
    coalesce(funnel.accepted, 0) as accepted,
    coalesce(funnel.opportunities, 0) as opportunities,
    coalesce(funnel.sla_met, 0) as sla_met,
    coalesce(funnel.sla_known, 0) as sla_known,
    coalesce(funnel.play_cost, 0) as play_cost
from months
left join stage_counts on months.month = stage_counts.month
left join funnel on months.month = funnel.month
