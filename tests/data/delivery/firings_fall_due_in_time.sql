-- Local opening hours on business days for what waits for one, and the moment itself for what does not.
with

    firings as (

        select
            firings.firing_id,
            firings.triggered_at,
            firings.deliver_at,
            triggers.timing,
            zones.country_code,
            {{ utc_to_local('firings.deliver_at', 'zones.time_zone') }} as local_at
        from {{ ref('fct_fired_triggers') }} as firings
        inner join {{ ref('int_new_firings') }} as new_firings on firings.firing_id = new_firings.firing_id
        inner join {{ ref('trigger_library') }} as triggers on firings.trigger_id = triggers.trigger_id
        inner join {{ ref('int_account_time_zones') }} as zones on firings.account_id = zones.account_id

    )

select firings.*
from firings
left join
    {{ ref('business_holidays') }} as holidays
    on firings.country_code = holidays.country_code
    and {{ day_of('firings.local_at') }} = holidays.holiday_on
where
    (firings.timing in ('immediate', 'within_24h') and firings.deliver_at <> firings.triggered_at)
    or (firings.timing = 'after_48h' and firings.deliver_at <> {{ add_minutes('firings.triggered_at', 2880) }})
    or (
        firings.timing like 'next_business_day%'
        and (
            holidays.holiday_on is not null
            or not {{ is_working_day(day_of('firings.local_at')) }}
            or 60 * extract(hour from firings.local_at) + extract(minute from firings.local_at) <> case
                firings.timing
                when 'next_business_day'
                then {{ opening_minutes('next_business_day') }}
                else {{ opening_minutes('next_business_day_10am') }}
            end
            or firings.deliver_at <= firings.triggered_at
        )
    )
