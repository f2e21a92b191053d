{{ config(materialized='view') }}

select
    cast(null as {{ dbt.type_string() }}) as opportunity_id,
    cast(null as {{ dbt.type_string() }}) as account_id,
    cast(null as boolean) as is_expansion,
    cast(null as double) as amount,
    cast(null as {{ dbt.type_string() }}) as firing_id,
    cast(null as boolean) as is_closed,
    cast(null as boolean) as is_won,
    cast(null as timestamp) as created_at,
    cast(null as timestamp) as closes_at
where false
