{{ config(materialized='view') }}

select cast(null as {{ dbt.type_string() }}) as firing_id, cast(null as {{ dbt.type_string() }}) as cancelled_because
where false
