{{ placed_events(ref('stg_product__events'), ['user_id', 'source_table', 'event_name', 'event_key', 'received_at']) }}
