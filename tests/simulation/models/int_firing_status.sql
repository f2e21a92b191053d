{{ config(materialized='view') }}

select *, cast(null as {{ dbt.type_string() }}) as held_back_reason from {{ source('bare', 'firing_status') }}
