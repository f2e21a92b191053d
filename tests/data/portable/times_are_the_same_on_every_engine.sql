-- Each line: what a macro of macros/portable/time.sql gives beside what it must give.
{% set cases = [
    ('add_days', add_days("cast('2024-02-28' as date)", 2), '2024-03-01'),
    ('add_days backwards', add_days("cast('2026-03-01' as date)", -1), '2026-02-28'),
    ('days_between', days_between("cast('2026-02-27' as date)", "cast('2026-03-01' as date)"), '2'),
    ('days_between backwards', days_between("cast('2026-03-01' as date)", "cast('2026-02-27' as date)"), '-2'),
    ('whole_days_since', whole_days_since("cast('2026-03-01 00:00:01' as timestamp)", "cast('2026-03-03' as date)"), '1'),
    ('whole_days_since at midnight', whole_days_since("cast('2026-03-01 00:00:00' as timestamp)", "cast('2026-03-03' as date)"), '2'),
    ('whole_days_until', whole_days_until("cast('2026-03-01' as date)", "cast('2026-03-02 00:00:01' as timestamp)"), '2'),
    ('whole_days_until at midnight', whole_days_until("cast('2026-03-01' as date)", "cast('2026-03-02 00:00:00' as timestamp)"), '1'),
    ('day_close', iso_timestamp(day_close("cast('2026-12-31' as date)")), '2027-01-01T00:00:00.000000Z'),
    ('add_minutes', iso_timestamp(add_minutes("cast('2026-03-01 23:50:00.000001' as timestamp)", '25')), '2026-03-02T00:15:00.000001Z'),
    ('add_days_to_moment', iso_timestamp(add_days_to_moment("cast('2026-03-01 12:30:00.5' as timestamp)", '-1')), '2026-02-28T12:30:00.500000Z'),
    ('microseconds_between', microseconds_between("cast('2026-03-01 00:00:00' as timestamp)", "cast('2026-03-01 00:00:01.000001' as timestamp)"), '1000001'),
    ('Sunday', day_of_week("cast('2026-03-01' as date)"), '0'),
    ('Saturday', day_of_week("cast('2026-03-07' as date)"), '6'),
    ('winter in Berlin', iso_timestamp(local_to_utc("cast('2026-01-15 10:00:00' as timestamp)", "'Europe/Berlin'")), '2026-01-15T09:00:00.000000Z'),
    ('summer in Berlin', iso_timestamp(local_to_utc("cast('2026-07-15 10:00:00' as timestamp)", "'Europe/Berlin'")), '2026-07-15T08:00:00.000000Z'),
    ('Kathmandu', iso_timestamp(utc_to_local("cast('2026-07-15 10:00:00' as timestamp)", "'Asia/Kathmandu'")), '2026-07-15T15:45:00.000000Z'),
    ('last_day_of_month', last_day_of_month('2024', '2'), '2024-02-29'),
    ('yearly_return of 29 February', yearly_return("cast('2024-02-29' as date)", '2026'), '2026-02-28'),
    ('yearly_return', yearly_return("cast('2024-05-31' as date)", '2026'), '2026-05-31'),
] %}
with

    cases as (
        {% for name, got, wanted in cases %}
            select
                '{{ name }}' as macro_name,
                cast({{ got }} as {{ dbt.type_string() }}) as got,
                '{{ wanted }}' as wanted
                {{ 'union all' if not loop.last }}
        {% endfor %}
    ),

    days as (select {{ series_of_days("cast('2026-02-27' as date)", "cast('2026-03-02' as date)") }} as day)

select macro_name, got, wanted
from cases
where got is null or got <> wanted

union all

select 'series_of_days' as macro_name, cast(count(*) as {{ dbt.type_string() }}) as got, '4' as wanted
from days
where day between cast('2026-02-27' as date) and cast('2026-03-02' as date)
having count(*) <> 4
