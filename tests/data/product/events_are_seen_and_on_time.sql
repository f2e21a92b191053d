-- Every event was seen by as_of, happened no later than its receipt and was received soon enough after its day.
select events.account_id, events.event_key, events.event_at, events.received_at
from {{ ref('int_product_events') }} as events
cross join {{ ref('int_clock') }} as clock
where
    events.received_at > clock.as_of
    or events.event_at > events.received_at
    or events.received_at > {{ day_close(add_days('events.event_on', var('late_arrival_days'))) }}
    or events.event_on <> {{ day_of('events.event_at') }}
