-- One row an account and paid day, one column a signal. Unknown is null; zero is measured and none.
with

    measures as (select * from {{ ref('int_account_measures_daily') }}),

    health as (select * from {{ ref('int_account_health_daily') }})

select
    account_id,
    signal_on,
    measures.first_paid_on,
    measures.tenure_days,
    measures.tier,
    measures.segment,
    {% for signal in measured_signals() -%} measures.{{ signal }}, {% endfor -%}
    health.health_score,
    health.health_band
from measures
left join health using (account_id, signal_on)
