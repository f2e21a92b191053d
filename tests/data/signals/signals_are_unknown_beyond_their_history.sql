-- A value that needs n days of its domain's history is null as long as those would begin before the domain's first
-- fact. A domain without a horizon here, where a signal has history_days, fails by itself: no row of it is left.
with

    horizons as (

        select 'product' as domain, min(event_on) as horizon_on
        from {{ ref('int_product_user_days') }}
        union all
        select 'support' as domain, {{ day_of('min(tickets.created_at)') }} as horizon_on
        from {{ ref('stg_support__tickets') }} as tickets
        inner join {{ ref('int_clock') }} as clock on tickets.created_at <= clock.as_of
        union all
        select 'contacts' as domain, {{ day_of('min(created_at)') }} as horizon_on
        from {{ ref('int_contacts') }}
        union all
        select 'crm_history' as domain, {{ day_of('min(valid_from)') }} as horizon_on
        from {{ ref('int_account_employees') }}
        where is_recorded
        union all
        select 'marketing' as domain, {{ day_of('min(events.occurred_at)') }} as horizon_on
        from {{ ref('stg_marketing__email_events') }} as events
        inner join {{ ref('int_clock') }} as clock on events.occurred_at <= clock.as_of

    ),

    first_days as (

        {% for signal in signal_catalogue() if signal.history_days -%}
            select
                '{{ signal.name }}' as signal,
                '{{ signal.domain }}' as domain,
                {{ signal.history_days }} as history_days,
                min(case when {{ signal.name }} is not null then signal_on end) as first_known_on
            from {{ ref('int_account_signals_daily') }} {{ 'union all' if not loop.last }}
        {% endfor %}

    )

select first_days.signal, first_days.first_known_on, horizons.horizon_on, first_days.history_days
from first_days
left join horizons on first_days.domain = horizons.domain
where
    first_days.first_known_on is not null
    and (
        horizons.horizon_on is null
        or first_days.first_known_on < {{ add_days('horizons.horizon_on', 'first_days.history_days - 1') }}
    )
