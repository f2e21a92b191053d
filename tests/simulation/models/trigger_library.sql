{{ config(materialized='view') }}

select * from {{ source('bare', 'triggers') }}
