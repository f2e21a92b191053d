-- Index events of the primary window, open ones too, and how each period knows them to have ended: in whole days, an
-- event within the first 24 hours being day 1. Whoever is not followed to the day of an event is censored the day
-- before.
with

    events as (select * from {{ ref('int_index_events') }} where is_primary),

    periods as (select * from {{ ref('int_validation_periods') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    churn_moments as (
        select distinct accounts.account_key, movements.moved_at as churned_at
        from {{ ref('int_mrr_movements') }} as movements
        inner join {{ ref('int_validation_accounts') }} as accounts on movements.account_id = accounts.account_id
        where movements.movement_type = 'churn'
    ),

    -- For any moment in [previous_churned_at, churned_at) the next churn is this.
    churns as (
        select
            account_key,
            coalesce(
                lag(churned_at) over (partition by account_key order by churned_at),
                cast('1900-01-01 00:00:00' as timestamp)
            ) as previous_churned_at,
            churned_at
        from churn_moments
    ),

    days as (
        select
            periods.period_key,
            events.trigger_key,
            least(
                events.window_days,
                cast(
                    floor(
                        {{ dbt.datediff('events.triggered_at', 'periods.known_at', 'second') }} / 86400.0e0
                    ) as integer
                )
            ) as followed_days,
            case
                when events.has_outcome
                then
                    greatest(
                        1,
                        cast(
                            ceil(
                                {{ dbt.datediff('events.triggered_at', 'events.outcome_at', 'second') }} / 86400.0e0
                            ) as integer
                        )
                    )
            end as outcome_day,
            case
                when not triggers.is_risk and churns.churned_at is not null
                then
                    greatest(
                        1,
                        cast(
                            ceil(
                                {{ dbt.datediff('events.triggered_at', 'churns.churned_at', 'second') }} / 86400.0e0
                            ) as integer
                        )
                    )
            end as churn_day
        from events
        inner join triggers on events.trigger_key = triggers.trigger_key
        inner join periods on events.triggered_at > periods.known_after and events.triggered_at <= periods.known_at
        left join
            churns
            on events.account_key = churns.account_key
            and events.triggered_at >= churns.previous_churned_at
            and events.triggered_at < churns.churned_at
    )

select
    period_key,
    trigger_key,
    least(followed_days, coalesce(outcome_day, followed_days), coalesce(churn_day, followed_days)) as ended_day,
    case
        when outcome_day <= followed_days and outcome_day <= coalesce(churn_day, outcome_day)
        then 'expanded'
        when churn_day <= followed_days
        then 'churned'
        else 'censored'
    end as ended_by
from days
