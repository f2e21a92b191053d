select
    'tracks' as source_table,
    id,
    user_id,
    context_group_id as group_id,
    event as event_name,
    timestamp as sent_at,
    received_at
from {{ source('segment', 'tracks') }}

union all

select
    'pages' as source_table,
    id,
    user_id,
    context_group_id as group_id,
    coalesce(path, {{ url_path('url') }}) as event_name,
    timestamp as sent_at,
    received_at
from {{ source('segment', 'pages') }}

union all

select
    'screens' as source_table,
    id,
    user_id,
    context_group_id as group_id,
    name as event_name,
    timestamp as sent_at,
    received_at
from {{ source('segment', 'screens') }}
