-- Every measured signal of an account and paid day, side by side, each from the model that the catalogue names.
{{- check_signal_catalogue() }}
with

    paid_days as (select * from {{ ref('int_account_billing_daily') }})

    {%- for family in signal_families() %}, {{ family }} as (select * from {{ ref(family | string) }}) {%- endfor %}

select
    paid_days.account_id,
    paid_days.signal_on,
    paid_days.first_paid_on,
    paid_days.tenure_days
    {%- for signal in measured_signals() %}
        , {{ signal.model if signal.model in signal_families() else 'paid_days' }}.{{ signal.name }}
    {%- endfor %}
from paid_days
{%- for family in signal_families() %}
    left join
        {{ family }} on paid_days.account_id = {{ family }}.account_id and paid_days.signal_on = {{ family }}.signal_on
{%- endfor %}
