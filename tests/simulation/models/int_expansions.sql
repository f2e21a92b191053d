{{ config(materialized='view') }}

select * from {{ source('bare', 'expansions') }}
