{{ config(materialized='view') }}

-- How many records of each source found their account, and by which rule.
select source_name, outcome, is_matched, records, share, source_records, match_rate
from {{ ref('int_identity_match_rates') }}
