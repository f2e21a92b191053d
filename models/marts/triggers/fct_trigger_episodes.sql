{{ config(materialized='view') }}

-- Every episode, as readers know it.
select trigger_id, account_id, started_on, triggered_at, ended_on, is_open
from {{ ref('int_trigger_episodes') }}
