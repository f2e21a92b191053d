-- Events of every marketing vendor, each once by id: where two vendors tell the same event the first one's word counts.
with

    events as (

        {{ vendor_rows('marketing', {
        'generic': ref('base_generic__email_events'),
        'hubspot': ref('base_hubspot__email_events'),
    }) }}

    ),

    numbered as (

        select *, row_number() over (partition by event_id order by vendor_rank, occurred_at, event_type) as copy_number
        from events

    )

select event_id, vendor, contact_id, email, event_type, occurred_at
from numbered
where copy_number = 1
