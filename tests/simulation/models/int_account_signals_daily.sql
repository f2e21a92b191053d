{{ config(materialized='view') }}

select * from {{ source('bare', 'signals_daily') }}
