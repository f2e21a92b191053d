{{ config(materialized='view') }}

-- Of triggers with several conditions: how many thresholds of each an account passes on a day; none is left out.
-- Each branch reads the table, not a CTE, which DuckDB would keep whole for so many readers.
with

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    ladders as (select * from {{ ref('int_sweep_ladders') }} where n_conditions > 1)

    {% for signal in numeric_signals() -%}
        {{ passed_rungs(ref('int_account_signals_daily'), 'ladders', 'accounts', signal) }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
