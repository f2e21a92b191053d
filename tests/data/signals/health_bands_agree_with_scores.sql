-- The band is what the rounded score says, and null exactly where the score is.
select account_id, signal_on, health_score, health_band
from {{ ref('int_account_signals_daily') }}
where
    health_band is distinct from case
        when health_score >= {{ setting('health_bands', 'excellent') }}
        then 'excellent'
        when health_score >= {{ setting('health_bands', 'good') }}
        then 'good'
        when health_score < {{ setting('health_bands', 'good') }}
        then 'at_risk'
    end
