-- Local opening hours on business days for what waits for one, and the moment itself for what does not; what goes to a
-- customer by itself lies in the send window, and is the planned time wherever that lies in it.
with

    firings as (

        select
            firings.firing_id,
            firings.triggered_at,
            times.planned_at,
            firings.deliver_at,
            triggers.timing,
            zones.country_code,
            {{ utc_to_local('times.planned_at', 'zones.time_zone') }} as planned_local_at,
            {{ utc_to_local('firings.deliver_at', 'zones.time_zone') }} as local_at,
            triggers.timing <> 'immediate' and coalesce(routes.is_automatic and routes.reaches_customer, false) as waits
        from {{ ref('fct_fired_triggers') }} as firings
        inner join {{ ref('int_new_firings') }} as new_firings on firings.firing_id = new_firings.firing_id
        inner join {{ ref('int_candidate_times') }} as times on firings.firing_id = times.firing_id
        left join {{ ref('int_candidate_routes') }} as routes on firings.firing_id = routes.firing_id
        inner join {{ ref('trigger_library') }} as triggers on firings.trigger_id = triggers.trigger_id
        inner join {{ ref('int_account_time_zones') }} as zones on firings.account_id = zones.account_id

    ),

    clocked as (

        select
            *,
            60 * extract(hour from planned_local_at) + extract(minute from planned_local_at) as planned_minute,
            60 * extract(hour from local_at) + extract(minute from local_at) as minute
        from firings

    )

select clocked.*
from clocked
left join
    {{ ref('business_holidays') }} as holidays
    on clocked.country_code = holidays.country_code
    and {{ day_of('clocked.local_at') }} = holidays.holiday_on
left join
    {{ ref('business_holidays') }} as planned_holidays
    on clocked.country_code = planned_holidays.country_code
    and {{ day_of('clocked.planned_local_at') }} = planned_holidays.holiday_on
where
    (clocked.timing in ('immediate', 'within_24h') and clocked.planned_at <> clocked.triggered_at)
    or (clocked.timing = 'after_48h' and clocked.planned_at <> {{ add_minutes('clocked.triggered_at', 2880) }})
    or (
        clocked.timing like 'next_business_day%'
        and (
            planned_holidays.holiday_on is not null
            or not {{ is_working_day(day_of('clocked.planned_local_at')) }}
            or clocked.planned_minute <> case
                clocked.timing
                when 'next_business_day'
                then {{ opening_minutes('next_business_day') }}
                else {{ opening_minutes('next_business_day_10am') }}
            end
            or clocked.planned_at <= clocked.triggered_at
        )
    )
    or (not clocked.waits and clocked.deliver_at <> clocked.planned_at)
    or clocked.deliver_at < clocked.planned_at
    or (
        clocked.waits
        and (
            holidays.holiday_on is not null
            or not {{ is_working_day(day_of('clocked.local_at')) }}
            or clocked.minute not between {{ window_minutes('opens') }}
            and {{ window_minutes('closes') }}
        )
    )
