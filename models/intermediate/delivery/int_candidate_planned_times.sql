-- When a candidate that fires is delivered by the timing of its trigger, whatever the hour.
with

    candidates as (select * from {{ ref('int_free_candidates') }}),

    zones as (select * from {{ ref('int_account_time_zones') }}),

    business_days as (select country_code, day, next_business_day from {{ ref('int_business_days') }}),

    placed as (

        select
            candidates.firing_id,
            candidates.moment,
            candidates.timing,
            coalesce(zones.time_zone, 'UTC') as time_zone,
            coalesce(zones.country_code, '') as country_code,
            coalesce(zones.is_time_zone_known, false) as is_time_zone_known,
            {{ day_of(utc_to_local('candidates.moment', "coalesce(zones.time_zone, 'UTC')")) }} as local_on
        from candidates
        left join zones on candidates.account_id = zones.account_id

    )

select
    placed.firing_id,
    placed.timing,
    placed.time_zone,
    placed.country_code,
    placed.is_time_zone_known,
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
    end as planned_at
from placed
left join business_days on placed.country_code = business_days.country_code and placed.local_on = business_days.day
