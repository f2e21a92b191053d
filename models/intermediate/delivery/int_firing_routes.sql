-- Who acts: the first rule, by priority, that matches the firing's trigger and the account on the judged day.
with

    firings as (select * from {{ ref('int_new_firings') }}),

    stages as (select account_id, signal_on, tier, segment, contract_value from {{ ref('int_account_stage_daily') }}),

    rules as (select * from {{ ref('routing_rules') }}),

    ranked as (

        select
            firings.firing_id,
            rules.rule_id,
            rules.owner_role,
            rules.motion,
            rules.channels,
            rules.sla_minutes,
            row_number() over (partition by firings.firing_id order by rules.priority, rules.rule_id) as match_rank
        from firings
        left join stages on firings.account_id = stages.account_id and firings.judged_on = stages.signal_on
        inner join
            rules
            on {{ in_list('firings.trigger_id', 'rules.trigger_ids') }}
            and {{ in_list('stages.tier', 'rules.tiers') }}
            and {{ in_list('stages.segment', 'rules.segments') }}
            and (rules.min_contract_value is null or stages.contract_value >= rules.min_contract_value)

    )

select firing_id, rule_id, owner_role, motion, channels, sla_minutes
from ranked
where match_rank = 1
