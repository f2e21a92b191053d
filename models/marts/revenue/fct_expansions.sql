{{ config(materialized='view') }}

-- Every expansion, as readers know it.
select expansion_id, account_id, expanded_on, expanded_at, expansion_type, mrr_before, mrr_after, mrr_delta
from {{ ref('int_expansions') }}
