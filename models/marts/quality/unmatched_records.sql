{{ config(materialized='view') }}

-- Records that found no account, with the reason.
select source_name, table_name, record_id, rule, unmatched_reason
from {{ ref('int_unmatched_records') }}
