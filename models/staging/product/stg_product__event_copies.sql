-- The one read of the raw events. Everything later reads this table, which has the narrow columns only.
{{ event_copies() }}
