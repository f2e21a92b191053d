{{ config(materialized='view') }}

-- For how many accounts each signal is known, and since when.
select
    signal,
    triggers,
    accounts_today,
    known_accounts_today,
    coverage_today,
    coverage_all_days,
    first_known_on,
    last_known_on
from {{ ref('int_signal_coverage') }}
