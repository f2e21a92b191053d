select
    run_id,
    position,
    step,
    result,
    started_at,
    date_diff('millisecond', started_at, ended_at) / 1000.0 as seconds,
    nodes,
    row_count,
    warnings
from build_runs
order by run_id, position
