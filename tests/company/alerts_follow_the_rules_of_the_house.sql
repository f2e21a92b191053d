-- A rule of this house, of nobody who installs the package.
{{ config(enabled=(project_name == "expansion_triggers")) }}

-- Urgent seat expansion tells nobody but the automation; risk goes to renewal; every other trigger tells somebody
-- from $25K.
with

    triggers as (

        select trigger_id, category, kind, message_group from {{ ref('trigger_library') }} where status <> 'retired'

    ),

    told as (

        select
            triggers.trigger_id,
            triggers.category,
            triggers.message_group,
            triggers.kind,
            rules.rule_id,
            rules.recipients
        from triggers
        left join {{ ref('notification_rules') }} as rules on {{ in_list('triggers.trigger_id', 'rules.trigger_ids') }}

    )

select trigger_id, rule_id, 'nobody is told' as fault
from told
where rule_id is null

union all

select trigger_id, rule_id, 'urgent, and a person is told' as fault
from told
where kind = 'event' and message_group = 'seat_expansion' and recipients <> 'automation'

union all

select trigger_id, rule_id, 'risk, and not renewal alone is told' as fault
from told
where category = 'risk' and recipients <> 'renewal'
