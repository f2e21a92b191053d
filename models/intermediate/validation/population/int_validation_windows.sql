with

    triggers as (select * from {{ ref('int_validation_triggers') }}),

    windows as (
        {% for window_days in [30, 60, 90] -%}
            select trigger_key, {{ window_days }} as window_days
            from triggers
            union
        {% endfor -%}
        select trigger_key, primary_window_days as window_days
        from triggers
        where primary_window_days > 0
    )

select
    windows.trigger_key,
    windows.window_days,
    coalesce(windows.window_days = triggers.primary_window_days, false) as is_primary
from windows
inner join triggers on windows.trigger_key = triggers.trigger_key
