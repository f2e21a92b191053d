-- One row an account and paid day, one column a signal. Unknown is null; zero is measured and none.
with

    measures as (select * from {{ ref('int_account_measures_daily') }}),

    health as (select * from {{ ref('int_account_health_daily') }})

select
    measures.account_id,
    measures.signal_on,
    measures.first_paid_on,
    measures.tenure_days
    {%- for signal in signal_catalogue() %}
        , {{ 'health' if signal.model == 'int_account_health_daily' else 'measures' }}.{{ signal.name }}
    {%- endfor %}
from measures
left join health on measures.account_id = health.account_id and measures.signal_on = health.signal_on
