{{ placed_events(ref('stg_product__feature_uses'), ['feature', 'team_id']) }}
