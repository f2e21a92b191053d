{{ config(materialized='view') }}

-- The same by month and of all months together.
with judged as (select * from {{ ref('int_readiness_judged') }})

select substr(cast(known_on as {{ dbt.type_string() }}), 1, 7) as period, judged.*
from judged

union all

select 'all' as period, judged.*
from judged
