{{ config(materialized='view') }}

select cast(null as {{ dbt.type_string() }}) as account_id
where false
