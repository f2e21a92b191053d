{{ config(materialized='view') }}

select
    cast(null as {{ dbt.type_string() }}) as signal,
    cast(null as {{ dbt.type_string() }}) as kind,
    cast(null as {{ dbt.type_string() }}) as phrase
where false
