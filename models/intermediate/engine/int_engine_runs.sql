{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
) }}

-- depends_on: {{ ref('int_firings') }}
-- One row a build, written once its firings are recorded: the next build looks back from there.
select as_of, cast('{{ invocation_id }}' as {{ dbt.type_string() }}) as build_id
from {{ ref('int_clock') }}
