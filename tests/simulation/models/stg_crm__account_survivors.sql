{{ config(materialized='view') }}

select
    cast(null as varchar) as account_id,
    cast(null as varchar) as survivor_account_id
where false
