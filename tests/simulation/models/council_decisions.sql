{{ config(materialized='view') }}

select
    cast(null as date) as decided_on,
    cast(null as {{ dbt.type_string() }}) as trigger_id,
    cast(null as {{ dbt.type_string() }}) as decision,
    cast(null as integer) as from_version,
    cast(null as integer) as to_version,
    cast(null as {{ dbt.type_string() }}) as reason
where false
