-- Of triggers with several conditions: how many thresholds of each an account passes on a day; none is left out.
with

signals as (
    select * from {{ ref('int_account_signals_daily') }}
),

accounts as (
    select * from {{ ref('int_validation_accounts') }}
),

ladders as (
    select * from {{ ref('int_sweep_ladders') }}
    where n_conditions > 1
)

{% for signal in swept_signals() -%}
{{ passed_rungs('signals', 'ladders', 'accounts', signal) }}
{{ 'union all' if not loop.last }}
{% endfor %}
