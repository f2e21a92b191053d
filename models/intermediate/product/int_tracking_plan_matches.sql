with

    event_names as (

        select source_table, event_name, count(*) as copies
        from {{ ref('stg_product__event_copies') }}
        where event_name is not null
        group by source_table, event_name

    ),

    matches as ({{ matched_names('event_names') }})

select source_table, event_name, copies, action, is_value_event, is_named
from matches
