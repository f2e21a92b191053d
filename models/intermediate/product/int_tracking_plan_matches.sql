{{ matched_names(ref('stg_product__event_copies')) }}
