-- Triggers that share a message group and a share of the holdout draw alike for one account.
select firings.account_id, firings.message_group, triggers.holdout_pct
from {{ ref('fct_fired_triggers') }} as firings
inner join
    {{ ref('dim_triggers') }} as triggers
    on firings.trigger_id = triggers.trigger_id
    and firings.trigger_version = triggers.version
group by firings.account_id, firings.message_group, triggers.holdout_pct
having min(case when firings.is_holdout then 1 else 0 end) <> max(case when firings.is_holdout then 1 else 0 end)
