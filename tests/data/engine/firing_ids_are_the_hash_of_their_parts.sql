-- The form is written out here a second time: an id that changed its form would fire everything again.
select firing_id, trigger_id, account_id, triggered_at
from {{ ref('fct_fired_triggers') }}
where
    firing_id is distinct from md5(
        trigger_id
        || '|'
        || account_id
        || '|'
        || replace(substr(cast(triggered_at as {{ dbt.type_string() }}), 1, 19), ' ', 'T')
        || '.'
        || lpad(
            cast(
                {{ microseconds_between("date_trunc('second', triggered_at)", 'triggered_at') }}
                as {{ dbt.type_string() }}
            ),
            6,
            '0'
        )
        || 'Z'
    )
