-- A misspelt trigger, tier, segment or recipient in a rule matches nothing, and says nothing.
with

    rules as (

        select 'routing_rules' as seed, rule_id, trigger_ids, tiers, segments, cast(null as varchar) as recipients
        from {{ ref('routing_rules') }}
        union all
        select 'notification_rules' as seed, rule_id, trigger_ids, tiers, segments, recipients
        from {{ ref('notification_rules') }}

    ),

    items as (

        select seed, rule_id, 'trigger' as kind, {{ words_of("replace(coalesce(trigger_ids, ''), '|', ' ')") }} as item
        from rules
        union all
        select seed, rule_id, 'tier' as kind, {{ words_of("replace(coalesce(tiers, ''), '|', ' ')") }} as item
        from rules
        union all
        select seed, rule_id, 'segment' as kind, {{ words_of("replace(coalesce(segments, ''), '|', ' ')") }} as item
        from rules
        union all
        select seed, rule_id, 'recipient' as kind, {{ words_of("replace(coalesce(recipients, ''), '|', ' ')") }} as item
        from rules

    ),

    known as (

        select 'trigger' as kind, trigger_id as item
        from {{ ref('trigger_library') }}
        union all
        select 'tier' as kind, tier as item
        from {{ ref('tiers') }}
        union all
        select 'segment' as kind, segment as item
        from {{ ref('segments') }}
        union all
        select 'recipient' as kind, owner_role as item
        from {{ ref('owner_queues') }}
        union all
        select 'recipient' as kind, 'manager' as item
        union all
        select 'recipient' as kind, 'automation' as item

    )

select items.*
from items
left join known on items.kind = known.kind and items.item = known.item
where items.item <> '' and known.item is null
