-- When a candidate that fires is delivered, when it must be acted on, and when it is too late to send it. What goes to
-- a customer by itself waits for the send window; what answers the customer's own click does not.
with

    planned as (select * from {{ ref('int_candidate_planned_times') }}),

    routes as (select firing_id, sla_minutes, is_automatic, reaches_customer from {{ ref('int_candidate_routes') }}),

    business_days as (select country_code, day, is_business_day, next_business_day from {{ ref('int_business_days') }}),

    local as (

        select
            planned.*,
            routes.sla_minutes,
            planned.timing <> 'immediate'
            and coalesce(routes.is_automatic and routes.reaches_customer, false) as waits_for_window,
            {{ utc_to_local('planned.planned_at', 'planned.time_zone') }} as local_at
        from planned
        left join routes on planned.firing_id = routes.firing_id

    ),

    windows as (

        select
            local.*,
            business_days.is_business_day,
            business_days.next_business_day,
            {{ add_minutes('cast(' ~ day_of('local.local_at') ~ ' as timestamp)', window_minutes('opens')) }}
            as opens_at,
            {{ add_minutes('cast(' ~ day_of('local.local_at') ~ ' as timestamp)', window_minutes('closes')) }}
            as closes_at
        from local
        left join
            business_days
            on local.country_code = business_days.country_code
            and {{ day_of('local.local_at') }} = business_days.day

    ),

    moved as (

        select
            *,
            case
                when not waits_for_window or (is_business_day and local_at >= opens_at and local_at <= closes_at)
                then planned_at
                when is_business_day and local_at < opens_at
                then {{ local_to_utc('opens_at', 'time_zone') }}
                else
                    {{ local_to_utc(
                        add_minutes('cast(next_business_day as timestamp)', window_minutes('opens')), 'time_zone'
                    ) }}
            end as deliver_at
        from windows

    )

select
    firing_id,
    time_zone,
    is_time_zone_known,
    planned_at,
    deliver_at,
    case
        timing
        when 'immediate'
        then {{ add_minutes('deliver_at', setting('delivery', 'immediate_sla_minutes')) }}
        when 'within_24h'
        then {{ add_minutes('deliver_at', setting('delivery', 'within_24h_sla_minutes')) }}
        else {{ add_minutes('deliver_at', 'coalesce(sla_minutes, ' ~ setting('delivery', 'routed_sla_minutes') ~ ')') }}
    end as sla_due_at,
    case
        when timing = 'immediate'
        then {{ add_days_to_moment('deliver_at', setting('delivery', 'expires_days_immediate')) }}
        else {{ add_days_to_moment('deliver_at', setting('delivery', 'expires_days')) }}
    end as expires_at
from moved
