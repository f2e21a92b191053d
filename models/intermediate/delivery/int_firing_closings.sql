-- When what a delivered firing asked for is over: the earliest of its episode's end, an expansion that it claims, an
-- answer, and the end of its window. Nothing is over before it has arrived.
with

    firings as (select * from {{ ref('int_firings') }}),

    deliveries as (select firing_id, delivered_at from {{ ref('stg_push__deliveries') }}),

    triggers as (select * from {{ ref('trigger_library') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    delivered as (

        select
            firings.firing_id,
            firings.trigger_id,
            firings.account_id,
            coalesce(survivors.survivor_account_id, firings.account_id) as speaking_account_id,
            firings.fired_at,
            firings.episode_triggered_at,
            deliveries.delivered_at,
            firings.received_at is null as is_daily,
            coalesce(triggers.requires_stage, true) as requires_stage,
            coalesce(triggers.recheck_conditions, true) as recheck_conditions,
            triggers.expansion_types,
            triggers.window_days
        from firings
        inner join deliveries on firings.firing_id = deliveries.firing_id
        left join triggers on firings.trigger_id = triggers.trigger_id
        left join survivors on firings.account_id = survivors.account_id

    ),

    endings as (

        -- The first day without the condition must be over. What has happened on one day had ended before it was sent.
        select
            delivered.firing_id,
            'conditions' as closed_because,
            cast({{ add_days('episodes.ended_on', 2) }} as timestamp) as ended_at
        from delivered
        inner join
            {{ ref('int_daily_episodes') }} as episodes
            on delivered.trigger_id = episodes.trigger_id
            and delivered.account_id = episodes.account_id
            and delivered.episode_triggered_at = episodes.triggered_at
            and delivered.is_daily
        where
            delivered.recheck_conditions
            or cast({{ add_days('episodes.ended_on', 2) }} as timestamp) > delivered.delivered_at

        union all

        select delivered.firing_id, 'expanded' as closed_because, expansions.expanded_at as ended_at
        from delivered
        inner join
            {{ ref('int_expansions') }} as expansions
            on delivered.speaking_account_id = expansions.account_id
            and expansions.expanded_at >= delivered.fired_at
            and {{ is_named_in('expansions.expansion_type', 'delivered.expansion_types') }}

        union all

        select delivered.firing_id, answers.answer as closed_because, answers.answered_at as ended_at
        from delivered
        inner join
            {{ ref('int_account_answers') }} as answers
            on delivered.speaking_account_id = answers.account_id
            and answers.answered_at >= delivered.fired_at
        where delivered.requires_stage

        union all

        select delivered.firing_id, reactions.reaction as closed_because, reactions.reacted_at as ended_at
        from delivered
        inner join
            {{ ref('int_firing_reactions') }} as reactions
            on delivered.firing_id = reactions.firing_id
            and reactions.reaction in ('declined', 'lost', 'won')

        union all

        select firing_id, 'window' as closed_because, {{ add_days_to_moment('fired_at', 'window_days') }} as ended_at
        from delivered
        where window_days is not null

    ),

    ranked as (

        select
            endings.firing_id,
            endings.closed_because,
            case
                when endings.ended_at < delivered.delivered_at then delivered.delivered_at else endings.ended_at
            end as closed_at,
            row_number() over (
                partition by endings.firing_id order by endings.ended_at, endings.closed_because
            ) as ending_rank
        from endings
        inner join delivered on endings.firing_id = delivered.firing_id
        inner join clock on endings.ended_at <= clock.as_of

    )

select firing_id, closed_because, closed_at
from ranked
where ending_rank = 1
