-- What int_event_moments will have of the events that were received since the last build; empty in a build.
with

    placed as (

        {{ placed_events(
            ref('stg_product__fresh_events'), ['user_id', 'source_table', 'event_name', 'event_key', 'received_at']
        ) }}

    ),

    -- Matched anew: a name may be seen for the first time.
    names as ({{ matched_names(ref('stg_product__fresh_events')) }}),

    moments as ({{ event_moments('placed', 'names') }})

select *
from moments
