-- What this build fired was in the stage on the judged day, where its trigger asks for it.
select firings.firing_id, stages.stage_reason
from {{ ref('int_new_firings') }} as firings
inner join {{ ref('trigger_library') }} as triggers on firings.trigger_id = triggers.trigger_id
left join
    {{ ref('int_account_stage_daily') }} as stages
    on firings.account_id = stages.account_id
    and firings.judged_on = stages.signal_on
where coalesce(triggers.requires_stage, true) and coalesce(stages.is_in_stage, false) = false
