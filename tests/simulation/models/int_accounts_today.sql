{{ config(materialized='view') }}

select distinct account_id, account_id as account_name, account_id as ultimate_parent_account_id
from {{ source('bare', 'stage_daily') }}
