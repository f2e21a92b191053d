-- For every country and day the first business day strictly after it: of the working week, less the country's holidays.
with

    candidates as (select moment from {{ ref('int_candidates') }}),

    span as (

        -- A local date lies up to a day off the UTC one, and no country closes for a month.
        select
            {{ add_days(day_of('min(moment)'), -2) }} as first_on, {{ add_days(day_of('max(moment)'), 40) }} as last_on
        from candidates

    ),

    days as (select {{ series_of_days('first_on', 'last_on') }} as day from span where first_on is not null),

    countries as (select distinct coalesce(country_code, '') as country_code from {{ ref('int_account_time_zones') }}),

    holidays as (select distinct upper(country_code) as country_code, holiday_on from {{ ref('business_holidays') }}),

    classified as (

        select
            countries.country_code,
            days.day,
            {{ is_working_day('days.day') }} and holidays.holiday_on is null as is_business_day
        from days
        cross join countries
        left join holidays on countries.country_code = holidays.country_code and days.day = holidays.holiday_on

    )

select
    country_code,
    day,
    is_business_day,
    min(case when is_business_day then day end) over (
        partition by country_code order by day rows between 1 following and unbounded following
    ) as next_business_day
from classified
