with

    events as (select * from {{ ref('int_index_events') }} where is_complete),

    sets as (
        select trigger_key, window_days, is_primary, moment_on, stratum_key, count(*) as n_index_events
        from events
        group by trigger_key, window_days, is_primary, moment_on, stratum_key
    )

select
    cast(row_number() over (order by trigger_key, window_days, moment_on, stratum_key) as integer) as set_key,
    trigger_key,
    window_days,
    is_primary,
    moment_on,
    stratum_key,
    n_index_events
from sets
