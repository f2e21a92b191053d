{% macro add_days(day, days) -%}
    {{ return(adapter.dispatch('add_days', 'expansion_triggers')(day, days)) }}
{%- endmacro %}

{% macro default__add_days(day, days) -%} ({{ day }} + cast({{ days }} as integer)) {%- endmacro %}

{% macro spark__add_days(day, days) -%} date_add({{ day }}, cast({{ days }} as int)) {%- endmacro %}

{% macro days_between(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_between', 'expansion_triggers')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__days_between(first_day, last_day) -%}
    date_diff('day', {{ first_day }}, {{ last_day }})
{%- endmacro %}

{% macro spark__days_between(first_day, last_day) -%}
    cast(datediff({{ last_day }}, {{ first_day }}) as bigint)
{%- endmacro %}

{#- Whole days from a moment to the midnight that a day begins with, rounded down: at least n where n days have passed. -#}
{% macro whole_days_since(moment, day) -%}
    (
        {{ days_between(day_of(moment), day) }}
        - case when {{ moment }} > cast({{ day_of(moment) }} as timestamp) then 1 else 0 end
    )
{%- endmacro %}

{#- Whole days from the midnight that a day begins with to a moment, rounded up: at most n where it comes within n days. -#}
{% macro whole_days_until(day, moment) -%}
    (
        {{ days_between(day, day_of(moment)) }}
        + case when {{ moment }} > cast({{ day_of(moment) }} as timestamp) then 1 else 0 end
    )
{%- endmacro %}

{#- The first instant after a day: a daily trigger's moment. -#}
{% macro day_close(day) -%} cast({{ add_days(day, 1) }} as timestamp) {%- endmacro %}

{% macro day_of(moment) -%} cast({{ moment }} as date) {%- endmacro %}

{% macro add_minutes(moment, minutes) -%}
    {{ return(adapter.dispatch('add_minutes', 'expansion_triggers')(moment, minutes)) }}
{%- endmacro %}

{% macro default__add_minutes(moment, minutes) -%}
    ({{ moment }} + to_minutes(cast({{ minutes }} as bigint)))
{%- endmacro %}

{% macro spark__add_minutes(moment, minutes) -%}
    ({{ moment }} + make_dt_interval(0, 0, cast({{ minutes }} as int), 0))
{%- endmacro %}

{% macro microseconds_between(earlier, later) -%}
    {{ return(adapter.dispatch('microseconds_between', 'expansion_triggers')(earlier, later)) }}
{%- endmacro %}

{% macro default__microseconds_between(earlier, later) -%}
    date_diff('microsecond', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro spark__microseconds_between(earlier, later) -%}
    (unix_micros({{ later }}) - unix_micros({{ earlier }}))
{%- endmacro %}

{#- 0 is Sunday, 6 is Saturday. -#}
{% macro day_of_week(day) -%} {{ return(adapter.dispatch('day_of_week', 'expansion_triggers')(day)) }} {%- endmacro %}

{% macro default__day_of_week(day) -%} cast(dayofweek({{ day }}) as integer) {%- endmacro %}

{% macro spark__day_of_week(day) -%}(dayofweek({{ day }}) - 1) {%- endmacro %}

{#- A wall-clock time in an IANA zone as the UTC timestamp it is. -#}
{% macro local_to_utc(local_time, time_zone) -%}
    {{ return(adapter.dispatch('local_to_utc', 'expansion_triggers')(local_time, time_zone)) }}
{%- endmacro %}

{% macro default__local_to_utc(local_time, time_zone) -%}
    timezone('UTC', timezone({{ time_zone }}, {{ local_time }}))
{%- endmacro %}

{% macro spark__local_to_utc(local_time, time_zone) -%}
    to_utc_timestamp({{ local_time }}, {{ time_zone }})
{%- endmacro %}

{% macro utc_to_local(moment, time_zone) -%}
    {{ return(adapter.dispatch('utc_to_local', 'expansion_triggers')(moment, time_zone)) }}
{%- endmacro %}

{% macro default__utc_to_local(moment, time_zone) -%}
    timezone({{ time_zone }}, timezone('UTC', {{ moment }}))
{%- endmacro %}

{% macro spark__utc_to_local(moment, time_zone) -%} from_utc_timestamp({{ moment }}, {{ time_zone }}) {%- endmacro %}

{#- The form that firing ids are made of: 2026-01-31T00:00:00.000000Z. -#}
{% macro iso_timestamp(moment) -%}
    {{ return(adapter.dispatch('iso_timestamp', 'expansion_triggers')(moment)) }}
{%- endmacro %}

{% macro default__iso_timestamp(moment) -%} strftime({{ moment }}, '%Y-%m-%dT%H:%M:%S.%fZ') {%- endmacro %}

{% macro spark__iso_timestamp(moment) -%} date_format({{ moment }}, "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'") {%- endmacro %}

{#- Every day from the first to the last, both ends in, as rows of one column, signal_on. -#}
{% macro series_of_days(first_day, last_day) -%}
    {{ return(adapter.dispatch('series_of_days', 'expansion_triggers')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__series_of_days(first_day, last_day) -%}
    cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval '1' day)) as date)
{%- endmacro %}

{% macro spark__series_of_days(first_day, last_day) -%}
    explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day))
{%- endmacro %}

{% macro last_day_of_month(year, month) -%}
    last_day(make_date({{ year }}, cast({{ month }} as integer), 1))
{%- endmacro %}

{#- The day in a year on which a date returns; 29 February returns on the 28th where there is none. -#}
{% macro yearly_return(day, year) -%}
    least(
        {{ add_days('make_date(' ~ year ~ ', cast(extract(month from ' ~ day ~ ') as integer), 1)', 'extract(day from ' ~ day ~ ') - 1') }},
        last_day(make_date({{ year }}, cast(extract(month from {{ day }}) as integer), 1))
    )
{%- endmacro %}

{% macro add_days_to_moment(moment, days) -%}
    {{ return(adapter.dispatch('add_days_to_moment', 'expansion_triggers')(moment, days)) }}
{%- endmacro %}

{% macro default__add_days_to_moment(moment, days) -%}
    ({{ moment }} + to_days(cast({{ days }} as integer)))
{%- endmacro %}

{% macro spark__add_days_to_moment(moment, days) -%}
    ({{ moment }} + make_dt_interval(cast({{ days }} as int)))
{%- endmacro %}
