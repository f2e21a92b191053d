-- The funnel of a month's firings as far as its end knew, and who was reached; meetings held and firings won or lost by
-- the month in which it happened.
with

    months as (
        select period_key, cast(period_start as timestamp) as month_from, known_at as month_until
        from {{ ref('int_validation_periods') }}
        where not is_whole
    ),

    in_stage as (select * from {{ ref('int_stage_periods') }} where is_in_stage_in_last_month),

    stage_counts as (select period_key, count(*) as accounts_in_stage from in_stage group by period_key),

    firings as (select * from {{ ref('int_validation_firings') }} where not is_shadow),

    steps as (
        select
            months.period_key,
            firings.account_key,
            firings.is_holdout,
            firings.is_acted_on,
            firings.cost_per_touch,
            {%- for step in ['cancelled', 'delivered', 'accepted', 'opportunity'] %}
                firings.is_acted_on and coalesce(firings.{{ step }}_at < months.month_until, false) as is_{{ step }},
            {%- endfor %}
            -- In time, too late or not at all yet though it is due; not yet known.
            case
                when coalesce(firings.delivered_at >= months.month_until, true)
                then null
                when firings.accepted_at < months.month_until
                then firings.accepted_at <= firings.sla_due_at
                when months.month_until > firings.sla_due_at
                then false
            end as is_sla_met
        from firings
        inner join months on firings.triggered_at >= months.month_from and firings.triggered_at < months.month_until
    ),

    funnel as (
        select
            steps.period_key,
            count(*) as fired,
            count(distinct in_stage.account_key) as accounts_reached,
            sum(case when steps.is_holdout then 1 else 0 end) as held_out,
            -- Who heard of it although it was overtaken, did hear of it.
            sum(
                case
                    when
                        steps.is_acted_on
                        and (not steps.is_cancelled or steps.is_delivered or steps.is_accepted or steps.is_opportunity)
                    then 1
                    else 0
                end
            ) as playable,
            sum(case when steps.is_delivered then 1 else 0 end) as delivered,
            sum(case when steps.is_accepted then 1 else 0 end) as accepted,
            sum(case when steps.is_opportunity then 1 else 0 end) as opportunities,
            sum(case when steps.is_sla_met then 1 else 0 end) as sla_met,
            sum(case when steps.is_sla_met is not null then 1 else 0 end) as sla_known,
            sum(case when steps.is_delivered then steps.cost_per_touch else 0 end) as play_cost
        from steps
        left join in_stage on steps.account_key = in_stage.account_key and steps.period_key = in_stage.period_key
        group by steps.period_key
    ),

    moments as (
        {% for step in ['meeting', 'won', 'lost'] -%}
            select '{{ step }}' as step, account_key, {{ step }}_at as happened_at
            from firings
            where is_acted_on and {{ step }}_at is not null {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

    happened as (
        select
            months.period_key,
            sum(case when moments.step = 'meeting' then 1 else 0 end) as meetings,
            count(distinct case when moments.step = 'meeting' then moments.account_key end) as accounts_with_meeting,
            sum(case when moments.step = 'won' then 1 else 0 end) as won,
            sum(case when moments.step = 'lost' then 1 else 0 end) as lost
        from moments
        inner join months on moments.happened_at >= months.month_from and moments.happened_at < months.month_until
        group by months.period_key
    )

select
    months.period_key,
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
    coalesce(funnel.play_cost, 0) as play_cost,
    coalesce(happened.meetings, 0) as meetings,
    coalesce(happened.accounts_with_meeting, 0) as accounts_with_meeting,
    coalesce(happened.won, 0) as won,
    coalesce(happened.lost, 0) as lost
from months
left join stage_counts on months.period_key = stage_counts.period_key
left join funnel on months.period_key = funnel.period_key
left join happened on months.period_key = happened.period_key
