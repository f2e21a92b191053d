-- The evidence of each firing, as it was frozen, and what messages name besides.
with firings as (select * from {{ ref('int_firings') }})

select
    firing_id,
    trigger_id,
    account_id,
    play_id,
    evidence,
    {{ json_path('evidence', 'event_action') }} as event_action,
    {{ json_path('evidence', 'recommended_action') }} as recommended_action
from firings
