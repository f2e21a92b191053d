-- Episodes that may be index events of some window: in stage where asked, in scope, with a beginning that was seen.
with

    episodes as (select * from {{ ref('int_validation_episodes') }}),

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    days as (select * from {{ ref('int_validation_days') }}),

    strata as (select * from {{ ref('int_validation_strata') }}),

    firings as (select * from {{ ref('int_validation_firings') }}),

    touched as (
        select
            episodes.trigger_key, episodes.account_key, episodes.triggered_at, min(firings.triggered_at) as touched_at
        from episodes
        inner join
            firings
            on episodes.trigger_key = firings.trigger_key
            and episodes.account_key = firings.account_key
            and firings.triggered_at >= episodes.triggered_at
            and firings.triggered_at <= episodes.open_until
        where firings.is_acted_on
        group by episodes.trigger_key, episodes.account_key, episodes.triggered_at
    ),

    delivery_moments as (
        select distinct account_key, delivered_at from firings where is_acted_on and delivered_at is not null
    ),

    -- For any moment in (delivered_at, next_delivered_at] the last delivery before it, of any trigger, is this.
    deliveries as (
        select
            account_key,
            delivered_at,
            coalesce(
                lead(delivered_at) over (partition by account_key order by delivered_at),
                cast('2999-12-31 00:00:00' as timestamp)
            ) as next_delivered_at
        from delivery_moments
    )

select
    episodes.trigger_key,
    episodes.account_key,
    episodes.triggered_at,
    episodes.moment_on,
    episodes.exposed_before_until,
    days.stratum_key,
    touched.touched_at,
    deliveries.delivered_at as last_delivered_at,
    outcomes.outcome_at
from episodes
inner join triggers on episodes.trigger_key = triggers.trigger_key
inner join days on episodes.account_key = days.account_key and episodes.state_on = days.signal_on
inner join strata on days.stratum_key = strata.stratum_key
left join
    touched
    on episodes.trigger_key = touched.trigger_key
    and episodes.account_key = touched.account_key
    and episodes.triggered_at = touched.triggered_at
left join
    deliveries
    on episodes.account_key = deliveries.account_key
    and episodes.triggered_at > deliveries.delivered_at
    and episodes.triggered_at <= deliveries.next_delivered_at
left join
    {{ ref('int_validation_outcomes') }} as outcomes
    on episodes.trigger_key = outcomes.trigger_key
    and episodes.account_key = outcomes.account_key
    and episodes.triggered_at >= outcomes.previous_outcome_at
    and episodes.triggered_at < outcomes.outcome_at
where
    not episodes.is_left_truncated
    and (days.is_in_stage or not triggers.requires_stage)
    and {{ in_list('strata.tier', 'triggers.tiers') }}
    and {{ in_list('strata.segment', 'triggers.segments') }}
    and (triggers.min_contract_value is null or days.contract_value >= triggers.min_contract_value)
