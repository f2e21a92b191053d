-- A user or group that is none - an empty text, a word of a program - is null, or it would stand in the way of the
-- user's own group.
select
    'tracks' as source_table,
    {{ known_message_id('id') }} as id,
    {{ known_id('user_id') }} as user_id,
    {{ known_id('context_group_id') }} as group_id,
    event as event_name,
    timestamp as sent_at,
    received_at
from {{ source('segment', 'tracks') }}

union all

select
    'pages' as source_table,
    {{ known_message_id('id') }} as id,
    {{ known_id('user_id') }} as user_id,
    {{ known_id('context_group_id') }} as group_id,
    coalesce(path, {{ url_path('url') }}) as event_name,
    timestamp as sent_at,
    received_at
from {{ source('segment', 'pages') }}

union all

select
    'screens' as source_table,
    {{ known_message_id('id') }} as id,
    {{ known_id('user_id') }} as user_id,
    {{ known_id('context_group_id') }} as group_id,
    name as event_name,
    timestamp as sent_at,
    received_at
from {{ source('segment', 'screens') }}
