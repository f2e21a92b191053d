-- The first pass: controls whose keys lie below the limit.
{{ drawn_controls(ref('int_risk_sets'), ref('int_risk_set_draws')) }}
