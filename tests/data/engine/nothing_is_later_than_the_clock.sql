-- No moment lies after as_of, and no state of a day that is not closed.
select 'int_candidates' as model, trigger_id as record_id, moment
from {{ ref('int_candidates') }}
cross join {{ ref('int_clock') }} as clock
where moment > clock.as_of

union all

select 'int_account_declines' as model, source_id as record_id, declined_at as moment
from {{ ref('int_account_declines') }}
cross join {{ ref('int_clock') }} as clock
where declined_at > clock.as_of

union all

select 'int_exclusion_spells' as model, account_id as record_id, from_at as moment
from {{ ref('int_exclusion_spells') }}
cross join {{ ref('int_clock') }} as clock
where from_at > clock.as_of or to_at > clock.as_of

union all

select 'int_account_stage_daily' as model, account_id as record_id, {{ day_close('signal_on') }} as moment
from {{ ref('int_account_stage_daily') }}
cross join {{ ref('int_clock') }} as clock
where signal_on > clock.last_closed_on
