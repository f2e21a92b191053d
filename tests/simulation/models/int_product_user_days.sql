{{ config(materialized='view') }}

select min(signal_on) as event_on from {{ source('bare', 'stage_daily') }}
