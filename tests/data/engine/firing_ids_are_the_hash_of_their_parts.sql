-- The form is written out here a second time: an id that changed its form would fire everything again.
select firing_id, trigger_id, account_id, triggered_at
from {{ ref('fct_fired_triggers') }}
where
    firing_id is distinct from md5(
        trigger_id
        || '|'
        || account_id
        || '|'
        || replace(substr(cast(triggered_at as varchar), 1, 19), ' ', 'T')
        || '.'
        || lpad(cast(cast(extract(microsecond from triggered_at) as bigint) % 1000000 as varchar), 6, '0')
        || 'Z'
    )
