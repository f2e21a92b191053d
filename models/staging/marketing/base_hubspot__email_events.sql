-- Events of HubSpot's marketing e-mail that HubSpot itself counts: neither filtered out nor replaced by a later event.
with

    events as (select * from {{ source('hubspot', 'email_event') }}),

    clicks as (select distinct id from {{ source('hubspot', 'email_event_click') }})

select
    events.id as event_id,
    cast(null as {{ dbt.type_string() }}) as contact_id,
    {{ plain_address('events.recipient') }} as email,
    -- An event in the table of clicks is one, whatever its row among all events says or leaves open.
    case when clicks.id is not null then 'click' else lower(events.type) end as event_type,
    events.created as occurred_at
from events
left join clicks on events.id = clicks.id
where coalesce(events.filtered_event, false) = false and events.obsoleted_by_id is null
