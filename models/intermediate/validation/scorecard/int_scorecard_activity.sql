-- What a trigger did in a period, as far as its end knew: firings, the accounts reached, the steps that followed.
with

    firings as (select * from {{ ref('int_validation_firings') }}),

    periods as (select * from {{ ref('int_validation_periods') }}),

    in_stage as (select * from {{ ref('int_stage_periods') }}),

    steps as (
        select
            periods.period_key,
            firings.trigger_key,
            firings.account_key,
            firings.is_shadow,
            firings.is_holdout,
            coalesce(firings.delivered_at <= periods.known_at, false) as is_delivered,
            coalesce(firings.accepted_at <= periods.known_at, false) as is_accepted,
            coalesce(firings.meeting_at <= periods.known_at, false) as is_met,
            coalesce(firings.opportunity_at <= periods.known_at, false) as is_opportunity,
            coalesce(firings.won_at <= periods.known_at, false) as is_won,
            firings.pipeline_amount,
            firings.cost_per_touch,
            in_stage.account_key is not null as is_in_stage
        from firings
        inner join periods on firings.triggered_at > periods.known_from and firings.triggered_at <= periods.known_at
        left join in_stage on periods.period_key = in_stage.period_key and firings.account_key = in_stage.account_key
    )

select
    period_key,
    trigger_key,
    count(*) as firings,
    sum(case when is_shadow then 1 else 0 end) as shadow_firings,
    sum(case when is_holdout and not is_shadow then 1 else 0 end) as held_out,
    count(distinct account_key) as accounts,
    count(distinct case when is_in_stage then account_key end) as in_stage_accounts,
    sum(case when is_delivered then 1 else 0 end) as delivered,
    sum(case when is_accepted then 1 else 0 end) as accepted,
    sum(case when is_met then 1 else 0 end) as meetings,
    sum(case when is_opportunity then 1 else 0 end) as opportunities,
    sum(case when is_opportunity then pipeline_amount else 0 end) as pipeline,
    sum(case when is_won then 1 else 0 end) as won,
    sum(case when is_delivered then cost_per_touch else 0 end) as play_cost
from steps
group by period_key, trigger_key
