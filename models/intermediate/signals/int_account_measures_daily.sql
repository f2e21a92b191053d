-- Every measured signal of an account and paid day, side by side, each from the model that the catalogue names.
{{- check_signal_catalogue() }}
{%- set signals = signal_catalogue() | rejectattr('model', 'equalto', 'int_account_health_daily') | list %}
{%- set spine = 'int_account_billing_daily' %}
{%- set families = signals | map(attribute='model') | reject('equalto', spine) | unique | list %}
with

    {{ spine }} as (select * from {{ ref('int_account_billing_daily') }})

    {%- for family in families %}, {{ family }} as (select * from {{ ref(family) }}) {%- endfor %}

select
    {{ spine }}.account_id,
    {{ spine }}.signal_on,
    {{ spine }}.first_paid_on,
    {{ spine }}.tenure_days
    {%- for signal in signals %}, {{ signal.model }}.{{ signal.name }} {%- endfor %}
from {{ spine }}
{%- for family in families %}
    left join
        {{ family }}
        on {{ spine }}.account_id = {{ family }}.account_id
        and {{ spine }}.signal_on = {{ family }}.signal_on
{%- endfor %}
