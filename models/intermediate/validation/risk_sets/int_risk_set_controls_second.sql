-- The second pass: every account of the stratum stands for the short sets.
{{ drawn_controls(ref('int_risk_sets_short'), ref('int_risk_set_draws_open')) }}
