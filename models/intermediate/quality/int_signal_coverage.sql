-- For how many of today's paying accounts each signal is known, and since when it is known at all.
with

    signals as (select * from {{ ref('int_account_signals_daily') }}),

    clock as (select last_closed_on from {{ ref('int_clock') }}),

    conditions as (

        select signal, count(distinct trigger_id) as triggers from {{ ref('trigger_conditions') }} group by signal

    ),

    coverage as (

        {% for signal in numeric_signals() -%}
            select
                '{{ signal }}' as signal,
                count(*) as account_days,
                count({{ signal }}) as known_account_days,
                sum(case when signals.signal_on = clock.last_closed_on then 1 else 0 end) as accounts_today,
                sum(
                    case when signals.signal_on = clock.last_closed_on and {{ signal }} is not null then 1 else 0 end
                ) as known_accounts_today,
                min(case when {{ signal }} is not null then signals.signal_on end) as first_known_on,
                max(case when {{ signal }} is not null then signals.signal_on end) as last_known_on
            from signals
            cross join clock {{ 'union all' if not loop.last }}
        {% endfor %}

    )

select
    coverage.signal,
    coalesce(conditions.triggers, 0) as triggers,
    cast(coalesce(coverage.accounts_today, 0) as bigint) as accounts_today,
    cast(coalesce(coverage.known_accounts_today, 0) as bigint) as known_accounts_today,
    {{ ratio('coverage.known_accounts_today', 'coverage.accounts_today') }} as coverage_today,
    {{ ratio('coverage.known_account_days', 'coverage.account_days') }} as coverage_all_days,
    coverage.first_known_on,
    coverage.last_known_on
from coverage
left join conditions on coverage.signal = conditions.signal
