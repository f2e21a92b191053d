-- Who is told of a firing: every rule that matches, one row a recipient and channel, with the recipient's shortest SLA.
with

    firings as (select * from {{ ref('int_firings') }}),

    stages as (select account_id, signal_on, tier, segment, contract_value from {{ ref('int_account_stage_daily') }}),

    rules as (select * from {{ ref('notification_rules') }} where channel <> 'automation'),

    survivors as (select * from {{ ref('stg_crm__account_survivors') }}),

    people as (select * from {{ ref('int_account_people') }}),

    queues as (select * from {{ ref('owner_queues') }}),

    matched as (

        select
            firings.firing_id,
            coalesce(survivors.survivor_account_id, firings.account_id) as account_id,
            firings.deliver_at,
            rules.rule_id,
            rules.channel,
            rules.sla_minutes,
            {{ words_of("replace(rules.recipients, '|', ' ')") }} as recipient_role
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
            matched.*,
            coalesce(
                case
                    matched.recipient_role
                    when 'AE'
                    then people.account_executive_email
                    when 'CSM'
                    then people.success_manager_email
                    when 'manager'
                    then people.manager_email
                end,
                queues.queue_email
            ) as recipient_email
        from matched
        left join people on matched.account_id = people.account_id
        left join queues on matched.recipient_role = queues.owner_role

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
where recipient_email is not null
group by firing_id, account_id, recipient_email, channel
