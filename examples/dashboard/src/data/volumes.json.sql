select
    trigger_id,
    fired_on,
    firings,
    usual_firings,
    is_unusual,
    held_firings,
    approved_at
from trigger_volumes
order by fired_on desc, trigger_id
