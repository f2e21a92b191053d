{{ config(materialized='view') }}

select
    cast(null as date) as day,
    cast(null as bigint) as records,
    cast(null as bigint) as missing_records,
    cast(null as bigint) as late_records
where false
