-- What was known when: the whole history as of now, and at each month's end the 365 days before it.
with

    clock as (select * from {{ ref('int_clock') }}),

    days as (select distinct signal_on from {{ ref('int_account_stage_daily') }}),

    months as (select distinct cast({{ dbt.date_trunc('month', 'signal_on') }} as date) as period_start from days),

    ended as (
        select months.period_start, cast({{ dbt.dateadd('month', 1, 'months.period_start') }} as timestamp) as known_at
        from months
    ),

    periods as (
        select
            substr(cast(ended.period_start as {{ dbt.type_string() }}), 1, 7) as period,
            ended.period_start,
            {{ move_by_days('ended.known_at', -365) }} as known_after,
            ended.known_at
        from ended
        cross join clock
        where ended.known_at <= clock.as_of

        union all

        select
            'all' as period,
            first_days.period_start,
            cast('1900-01-01 00:00:00' as timestamp) as known_after,
            clock.as_of as known_at
        from clock
        cross join (select min(signal_on) as period_start from days) as first_days
    )

select
    cast(row_number() over (order by known_after, known_at) as integer) as period_key,
    period,
    period_start,
    known_after,
    known_at,
    period = 'all' as is_whole
from periods
