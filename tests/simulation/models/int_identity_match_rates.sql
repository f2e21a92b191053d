{{ config(materialized='view') }}

select
    cast(null as varchar) as source_name,
    cast(null as varchar) as outcome,
    cast(null as boolean) as is_matched,
    cast(null as bigint) as records,
    cast(null as decimal(18,6)) as share,
    cast(null as bigint) as source_records,
    cast(null as decimal(18,6)) as match_rate
where false
