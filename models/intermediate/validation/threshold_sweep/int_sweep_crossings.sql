{{ config(materialized='view') }}

-- Days on which an account comes to pass a threshold or passes it for the last time: the ends of the runs at every
-- level.
-- Each signal is a branch of its own: many small sorts are cheaper than a large one. A branch reads the table, not a
-- CTE,
-- which DuckDB would keep whole for so many readers.
with

    accounts as (select * from {{ ref('int_validation_accounts') }}),

    ladders as (select * from {{ ref('int_sweep_ladders') }} where n_conditions = 1)

{% for signal in numeric_signals() -%}
        {{ run_ends(passed_rungs(ref('int_account_signals_daily'), 'ladders', 'accounts', signal)) }}
    union all
{% endfor %}
{{ run_ends('select * from ' ~ ref('int_sweep_joint_passes')) }}
