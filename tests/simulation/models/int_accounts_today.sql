{{ config(materialized='view') }}

select distinct account_id, account_id as account_name
from {{ source('bare', 'stage_daily') }}
