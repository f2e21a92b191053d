select
    run_id,
    command,
    as_of,
    min(started_at) as started_at,
    date_diff('second', min(started_at), max(coalesce(ended_at, started_at))) as seconds,
    case when bool_or(result = 'killed') then 'killed' else max_by(result, position) end as result,
    cast(sum(warnings) as integer) as warnings,
    string_agg(message, ' ' order by position) as told
from build_runs
group by run_id, command, as_of
order by started_at desc
