with

    segment as (

        select
            {{ known_message_id('id') }} as id,
            {{ known_id('user_id') }} as user_id,
            {{ known_id('context_group_id') }} as group_id,
            feature,
            {{ known_id('team_id') }} as team_id,
            timestamp as sent_at,
            received_at
        from {{ source('segment', 'feature_used') }}

    ),

    uses as ({{ vendor_rows('product', {'segment': 'segment'}) }}),

    first_copies as ({{ first_copies('uses', ['user_id', 'group_id', 'feature', 'team_id']) }})

select
    id,
    user_id,
    case when user_id is not null then {{ hash_key('user_id') }} end as user_key,
    group_id,
    feature,
    team_id,
    event_at,
    received_at
from first_copies
