{{ config(materialized='view') }}

select * from {{ source('bare', 'firing_status') }}
