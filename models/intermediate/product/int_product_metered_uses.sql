{{ placed_events(ref('stg_product__metered_uses'), ['quantity']) }}
