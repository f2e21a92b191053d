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

    closings as (select * from {{ ref('int_firing_closings') }}),

    channels as (select * from {{ ref('int_firing_channels') }}),

    reproduced as (select firing_id from {{ ref('int_firings_by_todays_rules') }}),

    known as (

        select
            firings.*,
            clock.as_of,
            -- Held back, and nobody of ours to tell instead.
            coalesce(
                rechecks.cancelled_because,
                case
                    when channels.channels is null
                    then
                        case
                            when channels.held_back_reason = 'nobody_to_write_to'
                            then 'nobody_to_write_to'
                            when channels.held_back_reason is not null
                            then 'contact_limit'
                        end
                end
            ) as cancelled_because,
            deliveries.delivered_at,
            reactions.accepted_at,
            reactions.declined_at,
            reactions.decline_reason,
            reactions.meeting_at,
            reactions.opportunity_at,
            reactions.won_at,
            reactions.lost_at,
            closings.closed_at,
            closings.closed_because,
            channels.held_back_reason,
            reproduced.firing_id is not null as is_reproduced
        from firings
        cross join clock
        left join rechecks on firings.firing_id = rechecks.firing_id
        left join deliveries on firings.firing_id = deliveries.firing_id
        left join reactions on firings.firing_id = reactions.firing_id
        left join reproduced on firings.firing_id = reproduced.firing_id
        left join closings on firings.firing_id = closings.firing_id
        left join channels on firings.firing_id = channels.firing_id

    ),

    judged as (

        select *, delivered_at is null and deliver_at <= as_of and cancelled_because is not null as is_cancelled
        from known

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
        -- What was answered before it arrived, or stopped otherwise, is never sent, whoever answered.
        when is_cancelled
        then 'cancelled'
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
        when expires_at <= as_of
        then 'expired'
        else 'due'
    end as status,
    case
        when is_shadow or is_holdout
        then null
        when is_cancelled
        then cancelled_because
        when declined_at is not null
        then decline_reason
    end as status_reason,
    case when not is_shadow and not is_holdout then held_back_reason end as held_back_reason,
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
    closed_because,
    case
        when delivered_at is null
        then null
        when accepted_at is not null
        then accepted_at <= sla_due_at
        when as_of > sla_due_at
        then false
    end as is_sla_met
from judged
