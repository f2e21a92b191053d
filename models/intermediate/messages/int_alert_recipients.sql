-- Who is told of a firing: every rule that matches, one row a recipient and channel, with the recipient's shortest SLA.
with

    firings as (select * from {{ ref('int_firings') }}),

    stages as (select account_id, signal_on, tier, segment, contract_value from {{ ref('int_account_stage_daily') }}),

    rules as (select * from {{ ref('notification_rules') }}),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    roles as (select role, channel from {{ ref('int_roles') }}),

    answers as (select account_id, role, email from {{ ref('int_account_roles') }}),

    matched as (

        select
            firings.firing_id,
            coalesce(survivors.survivor_account_id, firings.account_id) as account_id,
            firings.deliver_at,
            rules.rule_id,
            rules.recipients,
            rules.channel,
            rules.sla_minutes
        from firings
        left join stages on firings.account_id = stages.account_id and firings.judged_on = stages.signal_on
        left join survivors on firings.account_id = survivors.account_id
        inner join
            rules
            on {{ in_list('firings.trigger_id', 'rules.trigger_ids') }}
            and {{ in_list('stages.tier', 'rules.tiers') }}
            and {{ in_list('stages.segment', 'rules.segments') }}
            and (rules.min_contract_value is null or stages.contract_value >= rules.min_contract_value)

    ),

    found as (

        select
            matched.firing_id,
            matched.account_id,
            matched.deliver_at,
            roles.role as recipient_role,
            matched.sla_minutes,
            coalesce(matched.channel, roles.channel) as channel,
            answers.email as recipient_email
        from matched
        inner join roles on {{ is_named_in('roles.role', 'matched.recipients') }}
        inner join answers on matched.account_id = answers.account_id and roles.role = answers.role

    )

select
    firing_id,
    account_id,
    recipient_email,
    channel,
    min(recipient_role) as recipient_role,
    {{ add_minutes('min(deliver_at)', 'min(min(sla_minutes)) over (partition by firing_id, recipient_email)') }}
    as sla_due_at
from found
group by firing_id, account_id, recipient_email, channel
