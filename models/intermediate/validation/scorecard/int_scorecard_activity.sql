-- What a trigger did in a period, as far as its end knew: firings, the accounts reached, the steps that followed,
-- and the expansion revenue a year attributed to it that came in the period.
with

    firings as (select * from {{ ref('int_validation_firings') }}),

    periods as (select * from {{ ref('int_validation_periods') }}),

    in_stage as (select * from {{ ref('int_stage_periods') }}),

    pipeline as (select * from {{ ref('int_pipeline_amounts') }}),

    steps as (
        select
            periods.period_key,
            firings.trigger_key,
            firings.account_key,
            firings.is_shadow,
            firings.is_holdout,
            firings.held_back_reason,
            coalesce(firings.delivered_at <= periods.known_at, false) as is_delivered,
            coalesce(firings.accepted_at <= periods.known_at, false) as is_accepted,
            coalesce(firings.meeting_at <= periods.known_at, false) as is_met,
            coalesce(firings.opportunity_at <= periods.known_at, false) as is_opportunity,
            coalesce(firings.won_at <= periods.known_at, false) as is_won,
            pipeline.pipeline_amount,
            firings.cost_per_touch,
            in_stage.account_key is not null as is_in_stage
        from firings
        inner join periods on firings.triggered_at > periods.known_after and firings.triggered_at <= periods.known_at
        left join in_stage on periods.period_key = in_stage.period_key and firings.account_key = in_stage.account_key
        left join pipeline on periods.period_key = pipeline.period_key and firings.firing_id = pipeline.firing_id
    ),

    activity as (
        select
            period_key,
            trigger_key,
            count(*) as firings,
            sum(case when is_shadow then 1 else 0 end) as shadow_firings,
            sum(case when is_holdout and not is_shadow then 1 else 0 end) as held_out,
            sum(case when held_back_reason = 'min_days_between_messages' then 1 else 0 end) as held_back_too_soon,
            sum(case when held_back_reason = 'max_messages_30d' then 1 else 0 end) as held_back_too_many,
            sum(case when held_back_reason = 'nobody_to_write_to' then 1 else 0 end) as held_back_to_nobody,
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
    ),

    revenue as (
        select
            periods.period_key,
            expansions.trigger_key,
            count(*) as attributed_expansions,
            sum(expansions.arr_delta) as attributed_arr
        from {{ ref('int_attributed_expansions') }} as expansions
        inner join
            periods on expansions.expanded_at > periods.known_after and expansions.expanded_at <= periods.known_at
        where expansions.firing_id is not null
        group by periods.period_key, expansions.trigger_key
    )

-- An expansion of the period may go back to a firing from before it.
select
    coalesce(activity.period_key, revenue.period_key) as period_key,
    coalesce(activity.trigger_key, revenue.trigger_key) as trigger_key,
    activity.firings,
    activity.shadow_firings,
    activity.held_out,
    activity.held_back_too_soon,
    activity.held_back_too_many,
    activity.held_back_to_nobody,
    activity.accounts,
    activity.in_stage_accounts,
    activity.delivered,
    activity.accepted,
    activity.meetings,
    activity.opportunities,
    activity.pipeline,
    activity.won,
    activity.play_cost,
    revenue.attributed_expansions,
    revenue.attributed_arr
from activity
full outer join revenue on activity.period_key = revenue.period_key and activity.trigger_key = revenue.trigger_key
