{{ config(materialized='view') }}

select
    cast(null as {{ dbt.type_string() }}) as opportunity_id,
    cast(null as boolean) as is_closed,
    cast(null as boolean) as is_won,
    cast(null as timestamp) as valid_from,
    cast(null as timestamp) as valid_until
where false
