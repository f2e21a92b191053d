-- Who acts: the first rule, by priority, that matches the candidate's trigger and the account on the judged day.
with

    candidates as (select firing_id, trigger_id, account_id, judged_on from {{ ref('int_free_candidates') }}),

    stages as (select account_id, signal_on, tier, segment, contract_value from {{ ref('int_account_stage_daily') }}),

    rules as (select * from {{ ref('routing_rules') }}),

    automatic_roles as (select role from {{ ref('int_roles') }} where is_automatic),

    -- Rules that write to the customer.
    outward as (

        select distinct rules.rule_id
        from rules
        inner join
            {{ ref('channels') }} as channels
            on {{ is_named_in('channels.channel', 'rules.channels') }}
            and channels.reaches_customer

    ),

    ranked as (

        select
            candidates.firing_id,
            rules.rule_id,
            rules.owner_role,
            rules.motion,
            rules.channels,
            rules.sla_minutes,
            row_number() over (partition by candidates.firing_id order by rules.priority, rules.rule_id) as match_rank
        from candidates
        left join stages on candidates.account_id = stages.account_id and candidates.judged_on = stages.signal_on
        inner join
            rules
            on {{ in_list('candidates.trigger_id', 'rules.trigger_ids') }}
            and {{ in_list('stages.tier', 'rules.tiers') }}
            and {{ in_list('stages.segment', 'rules.segments') }}
            and (rules.min_contract_value is null or stages.contract_value >= rules.min_contract_value)

    )

select
    ranked.firing_id,
    ranked.rule_id,
    ranked.owner_role,
    automatic_roles.role is not null as is_automatic,
    outward.rule_id is not null as reaches_customer,
    ranked.motion,
    ranked.channels,
    ranked.sla_minutes
from ranked
left join automatic_roles on ranked.owner_role = automatic_roles.role
left join outward on ranked.rule_id = outward.rule_id
where ranked.match_rank = 1
