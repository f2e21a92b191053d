-- Every event that an event trigger waits for, up to as_of, the day still open included.
{{ event_moments(ref('int_product_events'), ref('int_tracking_plan_matches')) }}
