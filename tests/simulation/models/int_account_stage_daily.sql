{{ config(materialized='view') }}

select * from {{ source('bare', 'stage_daily') }}
