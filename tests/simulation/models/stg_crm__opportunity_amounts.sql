{{ config(materialized='view') }}

select * from {{ source('bare', 'opportunity_amounts') }}
