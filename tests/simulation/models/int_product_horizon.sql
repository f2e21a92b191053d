{{ config(materialized='view') }}

select min(signal_on) as first_event_on from {{ source('bare', 'stage_daily') }}
