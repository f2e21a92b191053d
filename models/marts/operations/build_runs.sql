{{ config(materialized='view') }}

-- What ran when, and what came of it. A view: the run that publishes it is in it, up to then.
select distinct
    run_id,
    position,
    step,
    command,
    started_at,
    ended_at,
    result,
    nodes,
    row_count,
    warnings,
    message,
    as_of,
    code_version,
    seeds_version,
    engine_version
from {{ source('operations', 'build_runs') }}
