-- Where each firing stands at as_of, with the time of each step. The newest step speaks.
with

    firings as (select * from {{ ref('int_firings') }}),

    clock as (select as_of from {{ ref('int_clock') }}),

    rechecks as (select * from {{ ref('int_firing_rechecks') }}),

    deliveries as (select * from {{ ref('stg_push__deliveries') }}),

    reactions as (

        select
            firing_id,
            max(case when reaction = 'accepted' then reacted_at end) as accepted_at,
            max(case when reaction = 'declined' then reacted_at end) as declined_at,
            max(case when reaction = 'meeting' then reacted_at end) as meeting_at,
            max(case when reaction = 'opportunity' then reacted_at end) as opportunity_at,
            max(case when reaction = 'won' then reacted_at end) as won_at,
            max(case when reaction = 'lost' then reacted_at end) as lost_at,
            max(case when reaction = 'declined' then detail end) as decline_reason
        from {{ ref('int_firing_reactions') }}
        group by firing_id

    ),

    -- Of a burst nothing ends later than it began.
    episodes as (select * from {{ ref('int_daily_episodes') }}),

    reproduced as (select firing_id from {{ ref('int_firings_by_todays_rules') }}),

    known as (

        select
            firings.*,
            clock.as_of,
            rechecks.cancelled_because,
            deliveries.delivered_at,
            reactions.accepted_at,
            reactions.declined_at,
            reactions.decline_reason,
            reactions.meeting_at,
            reactions.opportunity_at,
            reactions.won_at,
            reactions.lost_at,
            reproduced.firing_id is not null as is_reproduced,
            -- The condition has cleared: the last day of the episode is over.
            case
                when episodes.ended_on is not null and firings.received_at is null
                then cast({{ add_days('episodes.ended_on', 2) }} as timestamp)
            end as cleared_at
        from firings
        cross join clock
        left join rechecks on firings.firing_id = rechecks.firing_id
        left join deliveries on firings.firing_id = deliveries.firing_id
        left join reactions on firings.firing_id = reactions.firing_id
        left join reproduced on firings.firing_id = reproduced.firing_id
        left join
            episodes
            on firings.trigger_id = episodes.trigger_id
            and firings.account_id = episodes.account_id
            and firings.episode_triggered_at = episodes.triggered_at

    ),

    judged as (

        select *, case when cleared_at <= as_of and delivered_at is not null then cleared_at end as closed_at from known

    )

select
    firing_id,
    trigger_id,
    account_id,
    fired_at,
    case
        when is_shadow
        then 'shadow'
        when is_holdout
        then 'held_out'
        when won_at is not null
        then 'won'
        when lost_at is not null
        then 'lost'
        when opportunity_at is not null
        then 'opportunity'
        when meeting_at is not null
        then 'meeting'
        when declined_at is not null
        then 'declined'
        when accepted_at is not null
        then 'accepted'
        when closed_at is not null
        then 'closed'
        when delivered_at is not null
        then 'delivered'
        when deliver_at > as_of
        then 'scheduled'
        when cancelled_because is not null
        then 'cancelled'
        when expires_at <= as_of
        then 'expired'
        else 'due'
    end as status,
    case
        when is_shadow or is_holdout
        then null
        when declined_at is not null
        then decline_reason
        when delivered_at is null and deliver_at <= as_of
        then cancelled_because
    end as status_reason,
    is_reproduced,
    deliver_at,
    sla_due_at,
    expires_at,
    delivered_at,
    accepted_at,
    declined_at,
    meeting_at,
    opportunity_at,
    won_at,
    lost_at,
    closed_at,
    case
        when delivered_at is null
        then null
        when accepted_at is not null
        then accepted_at <= sla_due_at
        when as_of > sla_due_at
        then false
    end as is_sla_met
from judged
