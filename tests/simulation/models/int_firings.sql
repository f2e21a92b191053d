{{ config(materialized='view') }}

select *, triggered_at as fired_at from {{ source('bare', 'firings') }}
