{{ config(materialized='view') }}

select cast(null as {{ dbt.type_string() }}) as firing_id, cast(null as timestamp) as cancelled_at
where false
