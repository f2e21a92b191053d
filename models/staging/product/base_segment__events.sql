with

    tracks as (

        select 'tracks' as source_table, id, user_id, context_group_id, event as event_name, timestamp, received_at
        from {{ source('segment', 'tracks') }}

    ),

    pages as (

        select
            'pages' as source_table,
            id,
            user_id,
            context_group_id,
            coalesce(path, {{ url_path('url') }}) as event_name,
            timestamp,
            received_at
        from {{ source('segment', 'pages') }}

    ),

    screens as (

        select 'screens' as source_table, id, user_id, context_group_id, name as event_name, timestamp, received_at
        from {{ source('segment', 'screens') }}

    ),

    unioned as (

        select *
        from tracks
        union all
        select *
        from pages
        union all
        select *
        from screens

    )

select *
from unioned
