-- When a firing is delivered, when it must be acted on, and when it is too late to send it.
with

    firings as (select * from {{ ref('int_new_firings') }}),

    triggers as (select trigger_id, timing from {{ ref('int_triggers') }}),

    zones as (select * from {{ ref('int_account_time_zones') }}),

    routes as (select firing_id, sla_minutes from {{ ref('int_firing_routes') }}),

    business_days as (select country_code, day, next_business_day from {{ ref('int_business_days') }}),

    placed as (

        select
            firings.firing_id,
            firings.moment,
            triggers.timing,
            coalesce(zones.time_zone, 'UTC') as time_zone,
            coalesce(zones.country_code, '') as country_code,
            coalesce(zones.is_time_zone_known, false) as is_time_zone_known,
            routes.sla_minutes,
            {{ day_of(utc_to_local('firings.moment', "coalesce(zones.time_zone, 'UTC')")) }} as local_on
        from firings
        inner join triggers on firings.trigger_id = triggers.trigger_id
        left join zones on firings.account_id = zones.account_id
        left join routes on firings.firing_id = routes.firing_id

    ),

    delivered as (

        select
            placed.*,
            case
                placed.timing
                when 'immediate'
                then placed.moment
                when 'within_24h'
                then placed.moment
                when 'after_48h'
                then {{ add_days_to_moment('placed.moment', 2) }}
                when 'next_business_day_10am'
                then
                    {{ local_to_utc(
                    add_minutes(
                        'cast(business_days.next_business_day as timestamp)',
                        opening_minutes('next_business_day_10am'),
                    ), 'placed.time_zone'
                ) }}
                when 'next_business_day'
                then
                    {{ local_to_utc(
                    add_minutes(
                        'cast(business_days.next_business_day as timestamp)',
                        opening_minutes('next_business_day'),
                    ), 'placed.time_zone'
                ) }}
            end as deliver_at
        from placed
        left join
            business_days on placed.country_code = business_days.country_code and placed.local_on = business_days.day

    )

select
    firing_id,
    time_zone,
    is_time_zone_known,
    deliver_at,
    case
        timing
        when 'immediate'
        then {{ add_minutes('moment', setting('delivery', 'immediate_sla_minutes')) }}
        when 'within_24h'
        then {{ add_minutes('moment', setting('delivery', 'within_24h_sla_minutes')) }}
        else {{ add_minutes('deliver_at', 'coalesce(sla_minutes, ' ~ setting('delivery', 'routed_sla_minutes') ~ ')') }}
    end as sla_due_at,
    case
        when timing = 'immediate'
        then {{ add_days_to_moment('deliver_at', setting('delivery', 'expires_days_immediate')) }}
        else {{ add_days_to_moment('deliver_at', setting('delivery', 'expires_days')) }}
    end as expires_at
from delivered
